// A million examples through validation and into the files of a mixture, as a stream. Bars: under 2 GB of memory at its peak;
// the rate at 1,000,000 within 30 % of the rate at 100,000. Each size runs in a process of its own, so that its peak is its own.
//   node bench/million.ts [size ...]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentOf } from '../src/data/content.ts'
import { writeExampleFiles } from '../src/data/example-files.ts'
import type { Example } from '../src/data/example.ts'
import { fingerprintTexts } from '../src/data/fingerprint.ts'
import { createRandom } from '../src/data/random.ts'
import type { Row, TracedRow } from '../src/data/row.ts'
import { type Task, taskSchema } from '../src/task/task.ts'
import type { Candidate } from '../src/validate/candidate.ts'
import { judgeEach } from '../src/validate/judge-each.ts'
import { createValidation } from '../src/validate/validation.ts'
import { makeInstructions } from './made-instructions.ts'

const [child, count] = process.argv.slice(2)
if (child === 'measure') await measure(Number(count))
else compare(process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100_000, 1_000_000])

interface Measured {
  readonly count: number
  readonly accepted: number
  readonly seconds: number
  readonly processor: number
  readonly peak: number
  readonly written: number
  readonly reasons: Readonly<Record<string, number>>
}

function compare(sizes: readonly number[]): void {
  console.log('bars: peak under 2 GB; rate at 1,000,000 within 30 % of that at 100,000')
  const measured = sizes.map(size => {
    const out = execFileSync(process.execPath, [import.meta.filename, 'measure', String(size)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const figures = JSON.parse(out) as Measured
    const { accepted, seconds, processor, peak, written, reasons } = figures
    const rejections = Object.entries(reasons).map(([reason, times]) => `${times} ${reason}`)
    console.log(
      `${size.toLocaleString('en')} candidates in ${seconds.toFixed(1)} s (processor ${processor.toFixed(1)} s), peak ${(peak / 1e9).toFixed(2)} GB; ${accepted} accepted (${rejections.join(', ')}), ${(written / 1e9).toFixed(2)} GB written`,
    )
    console.log(
      `  ${Math.round(size / seconds).toLocaleString('en')} a second (${Math.round(size / processor).toLocaleString('en')} a second of processor time)`,
    )
    return figures
  })
  const [first, last] = [measured[0]!, measured.at(-1)!]
  const ratio = last.count / last.processor / (first.count / first.processor)
  console.log(
    `rate at ${last.count.toLocaleString('en')}: ${(ratio * 100).toFixed(0)} % of that at ${first.count.toLocaleString('en')}, by processor time`,
  )
}

async function measure(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tilth-million-'))
  try {
    const start = performance.now()
    const used = process.cpuUsage()
    const reasons: Record<string, number> = {}
    const files = { parquet: join(folder, 'train.parquet'), jsonl: join(folder, 'train.jsonl') }
    const accepted = await writeExampleFiles(files, acceptedOf(size, reasons))
    const { user, system } = process.cpuUsage(used)
    const result: Measured = {
      count: size,
      accepted,
      seconds: (performance.now() - start) / 1000,
      processor: (user + system) / 1e6,
      peak: process.resourceUsage().maxRSS * 1024,
      written: statSync(files.parquet).size + statSync(files.jsonl).size,
      reasons,
    }
    console.log(JSON.stringify(result))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function* acceptedOf(size: number, reasons: Record<string, number>): AsyncGenerator<Example> {
  const task: Task = {
    ...taskSchema.parse({
      kind: 'label',
      prompts: ['{{ remarks }}'],
      answer: 'damage',
      labels: ['no', 'yes'],
    }),
    name: 'damage',
  }
  const heldOut = [...makeRows(1_000, 3)]
  const validation = createValidation({
    settings: {
      minimumLength: 1,
      maximumLength: 20_000,
      nearDuplicate: 0.85,
      rouge: 'auto',
      personalData: 'reject',
      contamination: 'reject',
    },
    tasks: [task],
    constraints: row => (Number(row['speed']) > 450 ? 'speed <= 450' : null),
    fingerprints: fingerprintTexts(heldOut.map(contentOf), 'bench'),
    kept: [...makeRows(200, 2)].map((row, number) => traced(row, number, 'real')),
    seed: 1,
  })
  for await (const { candidate, verdict } of judgeEach(makeCandidates(size), validation)) {
    if (verdict.pass) yield* candidate.examples
    else reasons[verdict.reason] = (reasons[verdict.reason] ?? 0) + 1
  }
}

function* makeCandidates(size: number): Generator<Candidate> {
  let number = 0
  for (const row of makeRows(size, 1)) yield candidateOf(row, number++)
}

/** Records with a text of 20 to 150 words; a few in a hundred repeat another, or hold what must not be in them. */
function* makeRows(size: number, seed: number): Generator<Row> {
  const random = createRandom(seed, 'rows')
  const recent: Row[] = []
  const texts = makeInstructions(size * 3, seed)
  for (let number = 0; number < size; number++) {
    const remarks = `${texts.next().value!} ${texts.next().value!} ${texts.next().value!}`
    const fresh = {
      species: random.pick(['gull', 'duck', 'owl', 'hawk', 'pigeon', 'sparrow', 'bat', 'deer']),
      phase: random.pick(['Climb', 'Approach', 'Landing', 'Take-off', 'Taxi']),
      speed: random.integer(0, 455),
      damage: random.next() < 0.2 ? 'yes' : 'no',
      remarks: random.next() < 0.01 ? `${remarks} Write to pilot${number}@mail.example.org.` : remarks,
    }
    const old = recent[random.integer(0, 999)]
    const row =
      old === undefined || random.next() > 0.05
        ? fresh
        : { ...old, remarks: `${String(old['remarks'])} Again.` }
    recent[number % 1000] = row
    yield row
  }
}

function candidateOf(row: Row, number: number): Candidate {
  const own = traced(row, number, 'synthetic')
  const messages = [
    { role: 'user', content: `${String(row['remarks'])}\n\nWas the aircraft damaged?` },
    { role: 'assistant', content: String(row['damage']) },
  ] as const
  const { id, group, origin } = own
  const attributes = { species: row['species']!, phase: row['phase']! }
  return {
    traced: own,
    examples: [{ id: `${id}/damage`, group, task: 'damage', messages, attributes, weight: 1, origin }],
  }
}

function traced(row: Row, number: number, kind: 'real' | 'synthetic'): TracedRow {
  const id = `${kind}:${number}`
  return {
    id,
    group: id,
    row,
    origin:
      kind === 'real'
        ? { kind, source: 'bench', number, use: 'train', share: 'anyone' }
        : { kind, generator: 'bench', seed: 1, cell: {}, fitted: null, parents: [], share: 'anyone' },
  }
}
