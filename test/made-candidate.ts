import type { Attributes, Message } from '../src/data/example.ts'
import type { Row, TracedRow } from '../src/data/row.ts'
import type { Candidate } from '../src/validate/candidate.ts'

/** A row as a source gives it. */
export function realRow(row: Row, id = 'real:1'): TracedRow {
  return {
    id,
    group: id,
    row,
    origin: { kind: 'real', source: 'real', number: 1, use: 'train', share: 'anyone' },
  }
}

/** A row as a generator's caller traces it. */
export function syntheticRow(row: Row, id = 'rules:1', cell: Attributes = {}): TracedRow {
  return {
    id,
    group: id,
    row,
    origin: {
      kind: 'synthetic',
      generator: 'rules',
      seed: 1,
      cell,
      fitted: null,
      parents: [],
      share: 'anyone',
    },
  }
}

/** A candidate with one example of the task `strike`, which asks `prompt` and answers `answer`. */
export function madeCandidate(
  row: Row,
  parts: {
    id?: string
    cell?: Attributes
    prompt?: string
    answer?: string
    messages?: readonly Message[]
  } = {},
): Candidate {
  const traced = syntheticRow(row, parts.id, parts.cell)
  const messages = parts.messages ?? [
    { role: 'user', content: parts.prompt ?? `Report: ${Object.values(row).join(', ')}. Damage?` },
    { role: 'assistant', content: parts.answer ?? 'None' },
  ]
  const example = {
    id: `${traced.id}/strike`,
    group: traced.group,
    task: 'strike',
    messages,
    attributes: {},
    weight: 1,
    origin: traced.origin,
  }
  return { traced, examples: [example] }
}
