import type { TracedRow } from '../data/row.ts'
import type { Column, Schema } from '../data/schema.ts'
import { givesAway } from '../task/gives-away.ts'
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
  if (label !== undefined && column.kind !== 'text' && givesAway(column.name, rows, label)) {
    return `gives "${label}" away in every row, so it is probably known only afterwards`
  }
  return undefined
}
