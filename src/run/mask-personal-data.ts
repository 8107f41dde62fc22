import type { Row, Value } from '../data/row.ts'
import { findPersonalData } from '../validate/personal-data.ts'
import type { RejectedRow } from './fill-cells.ts'

/**
 * A rejected row as it is kept. Where personal data are the reason, values that hold some are kept as the kinds that were
 * found; where only the row's rendering holds some, in which values may stand together, none is kept.
 */
export function maskPersonalData(rejected: RejectedRow): RejectedRow {
  if (rejected.reason !== 'personal-data') return rejected
  const { row } = rejected.traced
  const masked = mapValues(row, value => {
    const kinds = typeof value === 'string' ? findPersonalData(value) : []
    return kinds.length === 0 ? value : `[${kinds.join(', ')}]`
  })
  const isFound = Object.keys(row).some(name => masked[name] !== row[name])
  const kept = isFound ? masked : mapValues(row, () => '[withheld]')
  return { ...rejected, traced: { ...rejected.traced, row: kept } }
}

function mapValues(row: Row, change: (value: Value) => Value): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]))
}
