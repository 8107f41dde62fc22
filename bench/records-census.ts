// The records synthesizer on the US census: fitted on half of the rows, judged by the other half. Bars: 24,000 rows
// fitted and sampled under 15 s; mean accuracy of one- and two-way marginals >= 0.98; a classifier tells them from real
// rows with an area under the curve <= 0.55 (bench/peers/c2st.py). Independent columns are the floor that must fail.
// Usage: node bench/records-census.ts [seed of the halves, 1 unless told]
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createContext } from '../src/context.ts'
import { readSource } from '../src/data/read.ts'
import { createRandom } from '../src/data/random.ts'
import { type Row, type TracedRow, valueAt } from '../src/data/row.ts'
import { conformRows, inferSchema, type Schema } from '../src/data/schema.ts'
import { recordsOptions, type RecordsOptions } from '../src/generate/records/options.ts'
import { recordsGenerator } from '../src/generate/records/records.ts'
import { marginalAgreement } from '../src/stats/marginals.ts'
import { membershipArea, mixedSpace, nearestDistances, shareNearer, toPoints } from '../src/stats/nearest.ts'
import { runPeer } from './peers/python.ts'

const COUNT = 24_000
/** Rows whose nearest neighbours are looked for: the standard error of a share of 4,000 is 0.008. */
const NEIGHBOURS = 4_000
const path = join(process.cwd(), '..', 'shared', 'data', 'census', 'census.csv.gz')

if (existsSync(path)) await main()
else console.log('census: skipped, ../shared/data/census/census.csv.gz is missing')

async function main(): Promise<void> {
  const source = await readSource({ name: 'census', path, use: 'train', share: 'anyone', drop: [] })
  const schema = inferSchema(source.rows)
  const rows = createRandom(Number(process.argv[2] ?? 1), 'census').shuffle(conformRows(source.rows, schema))
  const train = rows.slice(0, rows.length / 2)
  const holdout = rows.slice(train.length).map(({ row }) => row)
  const tables = {
    'records, cart': { method: 'cart' },
    'records, independent': { method: 'independent' },
  } as const
  const results: Awaited<ReturnType<typeof synthesize>>[] = []
  for (const options of Object.values(tables)) {
    results.push(await synthesize(recordsOptions.parse(options), train, schema))
  }
  const real = train.slice(0, COUNT).map(({ row }) => row)
  const peer = runPeer('c2st.py', {
    holdout: columnsOf(holdout, schema),
    categorical: schema.columns.map(({ kind }) => kind === 'category'),
    answer: schema.columns.findIndex(({ name }) => name === 'income'),
    tables: [real, ...results.map(result => result.rows)].map(table => columnsOf(table, schema)),
  })
  console.log(`US census, fitted on ${train.length} rows, ${COUNT} made, judged by ${holdout.length} others`)
  console.log('bars: under 15 s, accuracy >= 0.98, two-sample area <= 0.55')
  const judged = { schema, train: train.map(({ row }) => row), holdout }
  console.log(`  ${'real training rows'.padEnd(22)} ${peerFigures(peer, 0)}; ${accuracyOf(real, judged)}`)
  for (const [place, name] of Object.keys(tables).entries()) {
    const { rows: synthetic, timing } = results[place]!
    console.log(`  ${name.padEnd(22)} ${peerFigures(peer, place + 1)}; ${accuracyOf(synthetic, judged)}`)
    console.log(`  ${''.padEnd(22)} ${timing}; ${copyingOf(synthetic, judged)}`)
  }
  if (!peer.ran) console.log(`  two-sample area and utility skipped: ${peer.reason}`)
}

async function synthesize(options: RecordsOptions, train: readonly TracedRow[], schema: Schema) {
  const context = createContext({ seed: 1, name: options.method })
  const start = performance.now()
  const fitted = await recordsGenerator.fit(options, { rows: train, schema }, context)
  const fit = performance.now()
  const rows = await recordsGenerator.make(options, fitted, { cell: {}, count: COUNT }, context)
  const end = performance.now()
  const seconds = [fit - start, end - fit, end - start].map(milliseconds => (milliseconds / 1000).toFixed(1))
  const size = (JSON.stringify(fitted).length / 1e6).toFixed(1)
  return {
    rows,
    timing: `fit ${seconds[0]} s, sample ${seconds[1]} s, together ${seconds[2]} s, saved ${size} MB`,
  }
}

interface Judged {
  readonly schema: Schema
  readonly train: readonly Row[]
  readonly holdout: readonly Row[]
}

function accuracyOf(rows: readonly Row[], { schema, holdout }: Judged): string {
  const { accuracy, ceiling, univariate, bivariate } = marginalAgreement(holdout, rows, schema.columns)
  return `accuracy ${accuracy.toFixed(4)} of ${ceiling.toFixed(4)} (one-way ${univariate.accuracy.toFixed(4)}, two-way ${bivariate.accuracy.toFixed(4)})`
}

/** Shares of what lies nearer to training rows: 0.5 where nothing was copied. */
function copyingOf(rows: readonly Row[], { schema, train, holdout }: Judged): string {
  const space = mixedSpace([...train, ...holdout], schema.columns)
  const [members, others] = [train, holdout].map(real => toPoints(real, space)) as [Points, Points]
  const synthetic = toPoints(rows.slice(0, NEIGHBOURS), space)
  const share = shareNearer(nearestDistances(synthetic, members), nearestDistances(synthetic, others))
  const all = toPoints(rows, space)
  const [fromTrain, fromHoldout] = [train, holdout].map(real =>
    nearestDistances(toPoints(real.slice(0, NEIGHBOURS), space), all),
  ) as [Float64Array, Float64Array]
  return `DCR share ${share.toFixed(3)}, membership area ${membershipArea(fromTrain, fromHoldout).toFixed(3)}`
}

type Points = ReturnType<typeof toPoints>

function peerFigures(peer: ReturnType<typeof runPeer>, table: number): string {
  if (!peer.ran) return 'two-sample area -, utility -'
  const { twoSample, utility } = (peer.output as { twoSample: number; utility: number }[])[table]!
  return `two-sample area ${twoSample.toFixed(3)}, utility ${utility.toFixed(3)}`
}

/** Columns as the peer reads them: categories by number. */
function columnsOf(rows: readonly Row[], schema: Schema): (number | null)[][] {
  return schema.columns.map(({ name, values }) => {
    const codes = new Map(values?.map((value, code) => [value, code]))
    return rows.map(row => {
      const value = valueAt(row, name)
      return typeof value === 'number' || value === null ? value : (codes.get(String(value)) ?? null)
    })
  })
}
