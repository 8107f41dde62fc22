// The queries of BANKING77 (PolyAI-LDN/task-specific-datasets, CC BY 4.0), as the benches read them.
import { parse } from 'csv-parse/sync'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Example } from '../src/data/example.ts'
import type { Task } from '../src/task/task.ts'

const folder = join(process.cwd(), '..', 'shared', 'data', 'banking77')

export interface Query {
  readonly id: string
  /** Counted from 1 within its file. */
  readonly number: number
  readonly use: 'train' | 'test'
  readonly text: string
  readonly category: string
}

/** Whether the data are there; where not, says so. */
export function hasBanking77(): boolean {
  if (existsSync(folder)) return true
  console.log('BANKING77: skipped, the data folder ../shared/data/banking77 is missing')
  return false
}

export function readQueries(use: Query['use']): readonly Query[] {
  const rows: { text: string; category: string }[] = parse(readFileSync(join(folder, `${use}.csv`)), {
    columns: true,
    bom: true,
  })
  return rows.map((row, index) => ({ ...row, id: `${use}:${index + 1}`, number: index + 1, use }))
}

/** The categories of queries, in alphabetical order. */
export function categoriesOf(queries: readonly Query[]): readonly string[] {
  return [...new Set(queries.map(({ category }) => category))].sort()
}

/** Finding the category among the labels. */
export function intentTask(labels: readonly string[]): Task {
  return {
    name: 'intent',
    kind: 'label',
    prompts: [{ prompt: '{{ text }}' }],
    answer: 'category',
    labels: [...labels],
    metric: 'accuracy',
  }
}

export function toExample({ id, number, use, text, category }: Query): Example {
  return {
    id,
    group: id,
    task: 'intent',
    messages: [
      { role: 'user', content: text },
      { role: 'assistant', content: category },
    ],
    attributes: { category },
    weight: 1,
    origin: { kind: 'real', source: 'banking77', number, use, share: 'anyone' },
  }
}
