import type { Context } from '../../context.ts'
import type { Share } from '../../data/origin.ts'
import type { TracedRow } from '../../data/row.ts'
import type { Schema } from '../../data/schema.ts'
import { UserError } from '../../error.ts'
import { itemGroups, MISSING_GROUPS } from './calibration.ts'
import { binsOf, learnColumn, type RecordColumn } from './column.ts'
import { findDependencies, type Dependency, type Learned } from './dependency.ts'
import {
  growClasses,
  growNumbers,
  isWritable,
  packLeafModel,
  type GrownLeaves,
  type PackedLeafModel,
} from './leaves.ts'
import type { RecordsOptions } from './options.ts'
import { pack } from './packed.ts'
import type { Predictor } from './split.ts'

/** A learned table: plain data. */
export interface FittedRecords {
  readonly rows: number
  readonly leaf: number
  /** `local` where any of the rows is: then their values are quoted nowhere. */
  readonly share: Share
  /** In the order of the schema. */
  readonly columns: readonly RecordColumn[]
  /** Places in `columns` of those learned, in the order in which they are drawn. */
  readonly order: readonly number[]
  /** For each of `order`: its values given those drawn before, and of a number whether it is missing. */
  readonly models: readonly { readonly values?: PackedLeafModel; readonly missing?: PackedLeafModel }[]
  /** `from` and `to` are places in `order`. */
  readonly dependencies: readonly { readonly from: number; readonly to: number; readonly lookup: string }[]
}

/** Learns the rows column by column, each given those before it. Throws UserError on rows it cannot learn. */
export async function fitRecords(
  options: RecordsOptions,
  input: { rows: readonly TracedRow[]; schema: Schema },
  context: Context,
): Promise<FittedRecords> {
  const { rows, schema } = input
  requireRows(rows.length, options.rare)
  requireColumns(options.first, schema)
  const learned = schema.columns.map(column => learnColumn(column, rows, options.rare))
  const order = orderColumns(
    learned.map(({ column }) => column),
    options.first,
  )
  const ordered = order.map(place => learned[place] as Learned)
  const leaf = options.leaf ?? defaultLeaf(rows.length)
  const predictors = ordered.map(item => {
    const asked = options.first.includes(item.column.name)
    return predictorOf(item, asked ? Math.min(leaf, LEAST_LEAF) : leaf)
  })
  const models: FittedRecords['models'][number][] = []
  for (const [place, item] of ordered.entries()) {
    await nextTurn()
    context.signal.throwIfAborted()
    const before = options.method === 'independent' ? [] : predictors.slice(0, place)
    const random = context.random.stream(item.column.name)
    models.push(fitColumn(item, before, () => (random.next() < 0.5 ? -1 : 1)))
    context.progress(place + 1, ordered.length)
  }
  const dependencies = options.method === 'independent' ? [] : findDependencies(ordered)
  return {
    rows: rows.length,
    leaf,
    share: rows.some(({ origin }) => origin.share === 'local') ? 'local' : 'anyone',
    columns: learned.map(({ column }) => column),
    order,
    models,
    dependencies: dependencies.map(packDependency),
  }
}

/** Rows in a leaf of few rows, and in one parted by a column of `first`: a rare value asked for keeps rows of its own. */
const LEAST_LEAF = 5

/** Larger leaves copy less. From 100 rows of the census to all, they lose no fidelity up to about 25. */
function defaultLeaf(rows: number): number {
  return Math.min(25, Math.max(LEAST_LEAF, Math.round(rows / 20)))
}

function fitColumn({ column, coded }: Learned, predictors: readonly Predictor[], sign: () => number) {
  const rows = Uint32Array.from(coded.codes.keys())
  const packed = (model: GrownLeaves): PackedLeafModel => packLeafModel(model, predictors)
  if (column.kind === 'category') {
    const classes = {
      codes: coded.codes,
      width: column.values.length + 1,
      groups: itemGroups(column),
      isWritable: (code: number) => isWritable(column, code),
    }
    return { values: packed(growClasses({ predictors, rows }, classes, sign)) }
  }
  const present = rows.filter(row => coded.codes[row]! >= 0)
  const values =
    present.length === 0
      ? {}
      : { values: packed(growNumbers({ predictors, rows: present }, coded, itemGroups(column))) }
  if (column.missing === 0 || column.present === 0) return values
  const isMissing = {
    codes: coded.codes.map(code => (code < 0 ? 1 : 0)),
    width: 2,
    groups: MISSING_GROUPS,
    isWritable: () => true,
  }
  return { ...values, missing: packed(growClasses({ predictors, rows }, isMissing, sign)) }
}

function predictorOf({ column, coded }: Learned, leaf: number): Predictor {
  return { codes: coded.bins, bins: binsOf(column), ordered: column.kind === 'number', leaf }
}

/** Those asked for first, then those with few values: what is drawn early is learned best. */
function orderColumns(columns: readonly RecordColumn[], first: readonly string[]): number[] {
  const rank = (column: RecordColumn): number => {
    const asked = first.indexOf(column.name)
    return asked >= 0 ? asked - first.length : distinctOf(column)
  }
  return columns
    .map((_, place) => place)
    .filter(place => columns[place]!.kind !== 'id')
    .sort((a, b) => rank(columns[a]!) - rank(columns[b]!) || a - b)
}

function distinctOf(column: RecordColumn): number {
  if (column.kind === 'category') return column.values.length
  return column.kind === 'number' ? column.table.length : 0
}

function packDependency({ from, to, lookup }: Dependency) {
  return { from, to, lookup: pack(lookup) }
}

function requireRows(rows: number, rare: number): void {
  if (rows >= rare && rows > 0) return
  throw new UserError(
    `records has ${rows} rows to learn from, and values seen in fewer than ${rare} are never written out`,
    rows === 0
      ? 'give the generator rows: a source with `use: train` or `use: fit`'
      : `add rows, write rules instead, or set \`rare: ${rows}\` or less where the rows are no secret`,
  )
}

function requireColumns(first: readonly string[], schema: Schema): void {
  const names = schema.columns.map(({ name }) => name)
  const unknown = first.find(name => !names.includes(name))
  if (unknown === undefined) return
  throw new UserError(
    `records: \`first\` names the column '${unknown}'`,
    `the columns are ${names.join(', ')}`,
  )
}

/** Lets signals and other work in between two columns. */
function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
