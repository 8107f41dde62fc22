import type { TracedRow } from '../data/row.ts'
import type { Column, Schema } from '../data/schema.ts'
import { countValues } from './label.ts'

/** What each column is good for when one of them is to be learned. */
export interface ColumnRoles {
  /** What the request shows. */
  readonly shown: readonly Column[]
  /** Free text that the request could show; no synthesizer makes it. */
  readonly texts: readonly Column[]
  /** Holds what must not be parted, such as a patient. */
  readonly group: Column | undefined
  /** Never read, with the reason. */
  readonly dropped: readonly { readonly column: Column; readonly why: string }[]
}

const groupNames =
  /^(?:patient|customer|client|user|author|writer|speaker|document|doc|session|subject|person|account|household|conversation)[ _-]?(?:id|no|number|key)?$/i

/** Looks at every column beside the label. A chat source's own columns are left to its task. */
export function columnRoles(
  schema: Schema,
  rows: readonly TracedRow[],
  label: string | undefined,
): ColumnRoles {
  const group = schema.columns.find(
    column => column.name !== label && groupNames.test(column.name) && isRepeating(column, rows),
  )
  const dropped: { column: Column; why: string }[] = []
  const shown: Column[] = []
  const texts: Column[] = []
  for (const column of schema.columns) {
    if (column.name === label || column === group || column.name === 'messages') continue
    const why = reasonToDrop(column, rows, label)
    if (why !== undefined) dropped.push({ column, why })
    else if (column.kind === 'text') texts.push(column)
    else shown.push(column)
  }
  return { shown, texts, group, dropped }
}

function isRepeating(column: Column, rows: readonly TracedRow[]): boolean {
  const distinct = countValues(column.name, rows).size
  return distinct >= 10 && distinct < rows.length * 0.95
}

function reasonToDrop(
  column: Column,
  rows: readonly TracedRow[],
  label: string | undefined,
): string | undefined {
  const distinct = countValues(column.name, rows).size
  if (distinct === 0) return 'is empty'
  if (distinct === 1 && column.missing === 0) return 'has the same value in every row'
  if (column.kind === 'id') return 'names rows and says nothing about them'
  if (label !== undefined && column.kind !== 'text' && tellsAll(column, rows, label)) {
    return `gives "${label}" away in every row, so it is probably known only afterwards`
  }
  return undefined
}

/**
 * Whether a column predicts the label without a single mistake: each of its values goes with one label and is seen five
 * times on average; for numbers, the labels lie in ranges that do not overlap; or whether there is a value at all tells.
 */
function tellsAll(column: Column, rows: readonly TracedRow[], label: string): boolean {
  const pairs = rows.flatMap(({ row }) => {
    const [value, answer] = [row[column.name] ?? null, row[label] ?? null]
    return answer === null ? [] : [{ value, answer: String(answer) }]
  })
  const labels = new Set(pairs.map(({ answer }) => answer))
  if (labels.size < 2 || pairs.length < 20) return false
  if (isToldByAbsence(pairs)) return true
  const answers = new Map<unknown, string>()
  for (const { value, answer } of pairs) {
    if ((answers.get(value) ?? answer) !== answer) return false
    answers.set(value, answer)
  }
  if (pairs.length / answers.size >= 5) return true
  if (!pairs.every(({ value }) => typeof value === 'number')) return false
  const inOrder = [...answers].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, answer]) => answer)
  return (
    inOrder.filter((answer, index) => index > 0 && answer !== inOrder[index - 1]).length === labels.size - 1
  )
}

/** Whether rows with and without a value never have the same label, as with the salary of those who found work. */
function isToldByAbsence(pairs: readonly { readonly value: unknown; readonly answer: string }[]): boolean {
  const without = new Set(pairs.filter(({ value }) => value === null).map(({ answer }) => answer))
  const present = pairs.filter(({ value }) => value !== null)
  return without.size > 0 && present.length > 0 && present.every(({ answer }) => !without.has(answer))
}
