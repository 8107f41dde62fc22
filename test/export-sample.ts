import type { Example, Message } from '../src/data/example.ts'
import { modelNamed } from '../src/export/base-model.ts'
import type { DataExport } from '../src/export/format.ts'
import { chooseTraining } from '../src/export/training.ts'

/** An example to be exported, of two turns where nothing else is said. */
export function exampleOf(id: string, messages: readonly Message[] = oneTurn): Example {
  return {
    id,
    group: id,
    task: 'damage',
    messages,
    attributes: {},
    weight: 1,
    origin: { kind: 'real', source: 'reports', number: 1, use: 'train', share: 'anyone' },
  }
}

const oneTurn: readonly Message[] = [
  { role: 'user', content: 'A gull. Damage?' },
  { role: 'assistant', content: 'no' },
]

export const twoTurns: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'A gull.' },
  { role: 'assistant', content: 'And?' },
  { role: 'user', content: 'Damage?' },
  { role: 'assistant', content: 'no' },
]

/** Sixteen examples, the first of two turns, and two to evaluate on. */
export function sampleExport(change: Partial<DataExport> = {}): DataExport {
  return {
    name: 'reports-mixed',
    train: [
      exampleOf('t0', twoTurns),
      ...Array.from({ length: 15 }, (_, index) => exampleOf(`t${index + 1}`)),
    ],
    evaluation: [exampleOf('e0'), exampleOf('e1')],
    learnAll: new Set(),
    base: modelNamed('Qwen/Qwen2.5-0.5B-Instruct'),
    training: chooseTraining({ seed: 7, examples: 16, longest: 60 }),
    ...change,
  }
}

/** The text of one file of an export; empty where it has none of that name. */
export function fileText(
  files: readonly { path: string; content: Iterable<string> }[],
  path: string,
): string {
  return [...(files.find(file => file.path === path)?.content ?? [])].join('')
}
