import path from 'node:path'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { loadProject } from '../project/project.ts'
import { runProject } from './run.ts'

const folder = scratchFolder().path

/** What a run with a decoder tells until it has made its gaps, over 30 reports whose remedy follows from the disease. */
async function toldBeforeTraining(): Promise<readonly string[]> {
  const rows = Array.from({ length: 28 }, (_, index) => {
    const disease = ['rust', 'blight', 'smut'][index % 3]
    return `spots on leaf ${index},${disease},remedy for ${disease}`
  })
  const contradicting = ['wilting,rust,remedy for rust', 'wilting,blight,remedy for blight']
  writeFileSync(
    path.join(folder, 'reports.csv'),
    `${['seen,disease,remedy', ...rows, ...contradicting].join('\n')}\n`,
  )
  writeFileSync(
    path.join(folder, 'tilth.yaml'),
    `name: leaves
sources:
  reports: { path: reports.csv, use: train }
tasks:
  remedies: { kind: label, answer: disease, prompts: ['{{ seen }}, {{ remedy }}?'] }
  diseases: { kind: label, answer: disease, prompts: ['{{ seen }}?'] }
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: { use: decoder }
`,
  )
  const told: string[] = []
  await runProject({
    loaded: await loadProject(folder),
    until: 'gaps',
    signal: new AbortController().signal,
    events: { log: message => told.push(message), step: () => {}, progress: () => {} },
  })
  return told
}

test('a decoder is not trained without a word on columns that tell the answer and rows that contradict', async () => {
  const told = await toldBeforeTraining()
  expect(told).toContainEqual(
    expect.stringContaining('Task "remedies" shows "remedy", which gives "disease" away'),
  )
  expect(told).toContainEqual(
    expect.stringMatching(
      /^2 of 30 training rows ask task "diseases" .* for example reports:29, reports:30\. Put right/,
    ),
  )
})
