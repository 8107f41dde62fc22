import { cpSync } from 'node:fs'
import path from 'node:path'
import { fieldReports, folderWith } from './tilth-process.ts'

/** What a decoder begins from, and how it is trained: each a run of some seconds. */
export const decoders = {
  scratch: '{ use: decoder, epochs: 40 }',
  folder: '{ use: decoder, base: model, epochs: 12, lora: { rank: 2, targets: [q_proj, down_proj] } }',
  gguf: '{ use: decoder, base: model.gguf, epochs: 2, lora: { rank: 2, targets: [q_proj, down_proj] } }',
} as const

/** A project whose student is a small decoder; `more` is put behind its tasks. */
export function decoderProject(kind: keyof typeof decoders, more = ''): string {
  const folder = folderWith({
    'tilth.yaml': `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield:
    kind: label
    answer: yield
    system: Answer.
    prompts: ['{{ soil }} {{ rain }}?', '{{ rain }} on {{ soil }}?']
${more}generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: ${decoders[kind]}
evaluate: { repeats: 1, folds: 2, curve: false }
`,
    'reports.csv': fieldReports(30),
  })
  const fixtures = 'test/fixtures'
  if (kind === 'folder')
    cpSync(path.join(fixtures, 'decoder', 'llama'), path.join(folder, 'model'), { recursive: true })
  if (kind === 'gguf') cpSync(path.join(fixtures, 'gguf', 'llama.gguf'), path.join(folder, 'model.gguf'))
  return folder
}
