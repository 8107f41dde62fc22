import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import {
  type Candidate,
  createValidation,
  type Example,
  fingerprintTexts,
  judgeEach,
  type Task,
  taskSchema,
  writeExampleFiles,
} from '../src/index.ts'
import { madeCandidate, realRow } from './made-candidate.ts'
import { scratchFolder } from './scratch-folder.ts'

const folder = scratchFolder()
const task: Task = {
  ...taskSchema.parse({
    kind: 'label',
    prompts: ['{{ bird }}'],
    answer: 'damage',
    labels: ['None', 'Minor'],
  }),
  name: 'strike',
}

/** One in four repeats the one before; all are made only when they are asked for. */
async function* makeCandidates(count: number, asked: { count: number }): AsyncGenerator<Candidate> {
  for (let number = 0; number < count; number++) {
    asked.count++
    const bird = `bird ${number % 4 === 3 ? number - 1 : number}`
    yield madeCandidate({ bird, damage: 'None' }, { id: `rules:${number}` })
  }
}

test('the library judges a stream of candidates and writes what passes, holding on to none', async () => {
  const validation = createValidation({
    settings: {
      minimumLength: 1,
      maximumLength: 100,
      nearDuplicate: 0.85,
      rouge: 'auto',
      personalData: 'reject',
      contamination: 'reject',
    },
    tasks: [task],
    constraints: () => null,
    fingerprints: fingerprintTexts(['bird 8 None'], 'salt'),
    kept: [realRow({ bird: 'bird 0', damage: 'None' })],
    seed: 1,
  })
  const reasons: Record<string, number> = {}
  const asked = { count: 0 }
  let ahead = 0

  async function* accepted(): AsyncGenerator<Example> {
    let judged = 0
    for await (const { candidate, verdict } of judgeEach(makeCandidates(40, asked), validation)) {
      ahead = Math.max(ahead, asked.count - ++judged)
      if (verdict.pass) yield* candidate.examples
      else reasons[verdict.reason] = (reasons[verdict.reason] ?? 0) + 1
    }
  }

  const files = {
    parquet: path.join(folder.path, 'train.parquet'),
    jsonl: path.join(folder.path, 'train.jsonl'),
  }
  expect(await writeExampleFiles(files, accepted())).toBe(28)
  // Ten repeats and the real row; the one that equals a held-out row.
  expect(reasons).toEqual({ duplicate: 11, contamination: 1 })
  expect(ahead).toBe(0)
  expect((await readFile(files.jsonl, 'utf8')).trim().split('\n')).toHaveLength(28)
})
