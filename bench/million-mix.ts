// A million synthetic rows through `tilth mix`: made by a grammar, judged, kept in the store and written as Parquet and JSON
// Lines. Bars: under 2 GB of memory at its peak; the rate at 1,000,000 within 30 % of the rate at 100,000. Each size is a
// process of its own, so that its peak is its own.
//   node bench/million-mix.ts [size ...]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const words =
  'field river barn tractor harvest meadow seed plough horse cattle wheat barley oats hedge gate mill storm frost'
const realRows = 1000
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100_000, 1_000_000]

console.log('bars: peak under 2 GB; rate at 1,000,000 within 30 % of that at 100,000')
const measured = sizes.map(size => measure(size))
const [first, last] = [measured[0]!, measured.at(-1)!]
const ratio = last.size / last.processor / (first.size / first.processor)
console.log(
  `rate at ${last.size.toLocaleString('en')}: ${(ratio * 100).toFixed(0)} % of that at ${first.size.toLocaleString('en')}, by processor time`,
)

function measure(size: number): { readonly size: number; readonly processor: number } {
  const folder = mkdtempSync(join(tmpdir(), 'tilth-million-'))
  try {
    writeProject(folder, size)
    const told =
      "process.on('exit', () => { const used = process.resourceUsage(); process.stderr.write(`\\nused ${used.maxRSS} ${used.userCPUTime + used.systemCPUTime}\\n`) })"
    const start = performance.now()
    const ran = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(told)}`,
        'src/cli/main.ts',
        'mix',
        '--project',
        folder,
      ],
      { encoding: 'utf8' },
    )
    const seconds = (performance.now() - start) / 1000
    const used = /used (\d+) (\d+)/.exec(ran.stderr)
    if (ran.status !== 0 || used === null) throw new Error(ran.stderr)
    const [peak, processor] = [Number(used[1]) * 1024, Number(used[2]) / 1e6]
    console.log(
      `${size.toLocaleString('en')} rows in ${seconds.toFixed(1)} s (processor ${processor.toFixed(1)} s), peak ${(peak / 1e9).toFixed(2)} GB; ${ran.stdout.split('\n')[0]}`,
    )
    return { size, processor }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeProject(folder: string, size: number): void {
  const list = words.split(' ')
  const rows = Array.from({ length: realRows }, (_, row) => {
    const tone = row % 2 === 0 ? 'good' : 'poor'
    return `the ${list[row % list.length]!} at plot ${row} was ${tone},${tone}`
  })
  writeFileSync(join(folder, 'notes.csv'), `text,tone\n${rows.join('\n')}\n`)
  writeFileSync(
    join(folder, 'tilth.yaml'),
    `name: million
sources:
  notes: { path: notes.csv, use: train }
split: { test: 0 }
tasks:
  tone: { kind: label, answer: tone, prompts: ['Tone of: {{ text }}'] }
generators:
  grammar:
    use: rules
    columns:
      tone: [good, poor]
      _plot: { number: { minimum: 1, maximum: 100000000 } }
      text: { text: 'the {@words} {@words} of {@words} and {@words} near {@words} by {@words} was {tone} at plot {_plot}' }
    lists:
      words: [${list.join(', ')}]
mixtures:
  mixed: { generators: [grammar], perReal: ${size / realRows} }
`,
  )
}
