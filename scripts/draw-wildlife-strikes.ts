// Draws examples/wildlife-strikes/strikes.csv from the public table of wildlife strikes (FAA, through npm vega-datasets).
//   node scripts/draw-wildlife-strikes.ts <the table's CSV file> [<file to write>]
// The same table gives the same bytes.
import { parse } from 'csv-parse/sync'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createRandom } from '../src/data/random.ts'

const seed = 1990
const total = 3000
/** The reports that the safety desk may share: by damage, so that the rare ones are there. */
const shared = { damaged: 8, undamaged: 52 }
const local = 1500

/** Our names for the source's columns, in its order. */
const names = {
  'Airport Name': 'airport',
  'Aircraft Make Model': 'aircraft',
  'Effect Amount of damage': 'damage',
  'Flight Date': 'date',
  'Aircraft Airline Operator': 'operator',
  'Origin State': 'state',
  'Phase of flight': 'phase',
  'Wildlife Size': 'size',
  'Wildlife Species': 'species',
  'Time of day': 'time_of_day',
  'Cost Other': 'cost_other',
  'Cost Repair': 'cost_repair',
  'Cost Total $': 'cost_total',
  'Speed IAS in knots': 'speed',
} as const
/** Damage codes that the source leaves unexplained: 14 and 1 of 10,000 rows. */
const unexplained = new Set(['C', 'B'])

const example = path.resolve(import.meta.dirname, '../examples/wildlife-strikes/strikes.csv')

type Report = Record<string, string>

const [source, target = example] = process.argv.slice(2)
if (source === undefined) {
  console.error("usage: node scripts/draw-wildlife-strikes.ts <the table's CSV file> [<file to write>]")
  process.exit(1)
}
const table = readTable(source)
const kept = distinct(table.filter(report => !unexplained.has(report['damage']!)))
const drawn = draw(kept)
writeFileSync(target, toCsv(drawn))
console.log(`${table.length} rows read, ${kept.length} kept, ${drawn.length} drawn with seed ${seed}`)

function readTable(file: string): Report[] {
  const records = parse(readFileSync(file, 'utf8'), { columns: true, bom: true }) as Report[]
  return records.map(record =>
    Object.fromEntries(Object.entries(names).map(([column, name]) => [name, record[column]!])),
  )
}

/** Reports that repeat another word for word are kept once: two of them could end on two sides of the split. */
function distinct(reports: readonly Report[]): Report[] {
  const seen = new Set<string>()
  return reports.filter(report => {
    const content = JSON.stringify(report)
    if (seen.has(content)) return false
    seen.add(content)
    return true
  })
}

/** `total` reports in the order of the source, numbered, each with the desk's word on who may see it. */
function draw(reports: readonly Report[]): Report[] {
  const random = createRandom(seed, 'wildlife strikes')
  const chosen = random.shuffle(reports).slice(0, total)
  const damaged = chosen.filter(report => report['damage'] !== 'None')
  const undamaged = chosen.filter(report => report['damage'] === 'None')
  const desk = new Map<Report, string>()
  for (const report of damaged.slice(0, shared.damaged)) desk.set(report, 'shared')
  for (const report of undamaged.slice(0, shared.undamaged)) desk.set(report, 'shared')
  for (const report of chosen.filter(other => !desk.has(other)).slice(0, local)) desk.set(report, 'local')
  const inOrder = reports.filter(report => chosen.includes(report))
  return inOrder.map((report, index) => {
    const id = `report-${String(index + 1).padStart(4, '0')}`
    return Object.assign({ id, desk: desk.get(report) ?? 'later' }, report)
  })
}

function toCsv(reports: readonly Report[]): string {
  const lines = [Object.keys(reports[0]!), ...reports.map(report => Object.values(report))]
  return lines.map(cells => cells.map(quote).join(',')).join('\n') + '\n'
}

function quote(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
