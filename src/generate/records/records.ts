import { defineGenerator } from '../generator.ts'
import { resolveCell } from './cell.ts'
import { fitRecords, type FittedRecords } from './fit.ts'
import { recordsModel } from './model.ts'
import { recordsOptions, type RecordsOptions } from './options.ts'
import { sampleRows } from './sample.ts'

/**
 * A synthesizer of tables by sequential trees (CART; Reiter 2005, Nowok, Raab and Dibben 2016): every column is learned
 * given those before it, and drawn from the leaf that a row falls into. Categories, numbers, dates, booleans and missing
 * values are learned, ids made anew, free text refused. It gives no differential-privacy guarantee.
 */
export const recordsGenerator = defineGenerator<RecordsOptions, FittedRecords>({
  name: 'records',
  options: recordsOptions,
  needs: { rows: 5 },
  can: {
    is: 'a synthesizer that learns the table',
    fills: ['cells', 'more'],
    reach: 'fitted',
    dollars: 0,
    guarantee: 'none',
  },

  supports(_options, fitted, cell) {
    const conditions = resolveCell(recordsModel(fitted), cell)
    return typeof conditions === 'string' ? conditions : true
  },

  estimate: (_options, size) => estimateSeconds(size),

  propose({ columns, labels }) {
    const text = columns.find(({ kind }) => kind === 'text')
    return text === undefined
      ? { first: labels }
      : `it learns no free text, and column "${text.name}" is that`
  },

  fit: (options, input, context) => fitRecords(options, input, context),

  async make(options, fitted, { cell, count }, context) {
    const model = recordsModel(fitted)
    const conditions = resolveCell(model, cell)
    if (typeof conditions === 'string') context.log(`records: ${conditions}`)
    if (typeof conditions === 'string' || count < 1) return []
    const rows = sampleRows(
      model,
      { conditions, count, smoothing: options.smoothing },
      context.random,
      context.signal,
    )
    context.progress(rows.length, count)
    return rows
  },
})

/** By bench/records-census.ts: a value's share of finding one split, and one value drawn. */
const SECONDS_PER_LOOK = 1e-8
const SECONDS_PER_VALUE = 5e-7

function estimateSeconds({ rows, columns, count }: { rows: number; columns: number; count: number }): number {
  return SECONDS_PER_LOOK * rows * columns ** 2 * Math.log2(rows + 2) + SECONDS_PER_VALUE * count * columns
}
