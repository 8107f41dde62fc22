import { cpSync } from 'node:fs'
import path from 'node:path'
import { fieldReports, folderWith } from './tilth-process.ts'

/** What a decoder begins from, and how it is trained: each a run of some seconds. */
export const decoders = {
  scratch: '{ use: decoder, epochs: 40 }',
  folder: '{ use: decoder, base: model, epochs: 12, lora: { rank: 2, targets: [q_proj, down_proj] } }',
  gguf: '{ use: decoder, base: model.gguf, epochs: 12, lora: { rank: 2, targets: [q_proj, down_proj] } }',
} as const

/** A project whose student is a small decoder; `local` adds a second task, and makes the mixture from rows that stay here. */
export function decoderProject(
  kind: keyof typeof decoders,
  { local = false, student = decoders[kind] }: { readonly local?: boolean; readonly student?: string } = {},
): string {
  const folder = folderWith({
    'tilth.yaml': `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
${local ? '  archive: { path: local.csv, use: fit, share: local }\n' : ''}tasks:
  yield:
    kind: label
    answer: yield
    system: Answer.
    prompts: ['{{ soil }} {{ rain }}?', '{{ rain }} on {{ soil }}?']
${local ? "  place: { kind: text, prompts: [{ prompt: '{{ height }} {{ rain }}?', response: '{{ soil }}' }] }\n" : ''}generators:
  records: { use: records${local ? ', fitOn: [archive]' : ''} }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: ${student}
evaluate: { repeats: 1, folds: 2, curve: false }
`,
    'reports.csv': fieldReports(30),
    'local.csv': fieldReports(150).replaceAll(/^plot-/gm, 'secretplot-'),
  })
  const fixtures = 'test/fixtures'
  if (kind === 'folder')
    cpSync(path.join(fixtures, 'decoder', 'llama'), path.join(folder, 'model'), { recursive: true })
  if (kind === 'gguf') cpSync(path.join(fixtures, 'gguf', 'qwen3.gguf'), path.join(folder, 'model.gguf'))
  return folder
}

/** A project of one label task whose mixture is learned by `student`. */
export function labelProject(student: string): string {
  return `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['Soil {{ soil }}, rain {{ rain }}: which yield?']
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: ${student}
evaluate: { repeats: 1, folds: 2, curve: false }
`
}
