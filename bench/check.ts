// `tilth check` on 1 GB of JSON Lines, as a user runs it. Bars: under 20 s and 500 MB. The file is made in a temporary folder
// and removed.
//   node bench/check.ts
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '../src/data/random.ts'
import { makeInstructions } from './made-instructions.ts'

const GIGABYTE = 1e9

const chatProject = `name: conversations
sources:
  talks: { path: rows.jsonl, use: train }
tasks:
  talk: { kind: chat }
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
`

const labelProject = `name: records
sources:
  reports: { path: rows.jsonl, use: train }
tasks:
  label:
    kind: label
    answer: label
    prompts: ['{{ text }} (score {{ score }}, {{ day }})']
attributes: [label]
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
`

const [child, project] = process.argv.slice(2)
if (child === 'check') await check(project!)
else compare()

/** The command itself, in a process of its own that tells what it used. */
async function check(folder: string): Promise<void> {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    console.log(
      `\n${JSON.stringify({ processor: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS * 1024 })}`,
    )
  })
  const { startCommandLine } = await import('../src/cli/start.ts')
  await startCommandLine(['check', '--project', folder])
}

function compare(): void {
  console.log('bars: under 20 s and 500 MB')
  const random = createRandom(1, 'check')
  const texts = [...makeInstructions(20_000, 1)]
  const pick = (count: number): string => Array.from({ length: count }, () => random.pick(texts)).join(' ')
  measure('conversations', chatProject, () => ({
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: pick(2) },
      { role: 'assistant', content: pick(random.integer(1, 10)) },
    ],
    topic: random.pick(['cards', 'loans', 'fees', 'travel']),
  }))
  measure('labelled records', labelProject, number => ({
    id: `r-${number}`,
    text: pick(random.integer(1, 4)),
    score: random.next() * 100,
    day: `2024-${String(random.integer(1, 12)).padStart(2, '0')}-${String(random.integer(1, 28)).padStart(2, '0')}`,
    label: random.pick(['cards', 'loans', 'fees', 'travel']),
  }))
}

function measure(what: string, text: string, recordOf: (number: number) => unknown): void {
  const folder = mkdtempSync(join(tmpdir(), 'tilth-check-'))
  try {
    const path = join(folder, 'rows.jsonl')
    const records = writeRecords(path, recordOf)
    writeFileSync(join(folder, 'tilth.yaml'), text)
    const start = performance.now()
    const out = execFileSync(process.execPath, [import.meta.filename, 'check', folder], { encoding: 'utf8' })
    const seconds = (performance.now() - start) / 1000
    const { processor, peak } = JSON.parse(out.trim().split('\n').at(-1)!) as {
      processor: number
      peak: number
    }
    console.log(
      `${what}: ${records.toLocaleString('en')} records, ${(statSync(path).size / 1e9).toFixed(2)} GB: ${seconds.toFixed(1)} s (processor ${processor.toFixed(1)} s), peak ${Math.round(peak / 1e6)} MB`,
    )
    console.log(out.trim().split('\n').slice(0, -1).join('\n').replaceAll(/^/gm, '  '))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeRecords(path: string, recordOf: (number: number) => unknown): number {
  const file = openSync(path, 'w')
  let [written, number] = [0, 0]
  while (written < GIGABYTE) {
    const lines = Array.from({ length: 5_000 }, () => `${JSON.stringify(recordOf(number++))}\n`).join('')
    written += writeSync(file, lines)
  }
  closeSync(file)
  return number
}
