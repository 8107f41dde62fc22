// From the start of the process to the first update of an adapter beside a base model, as `tilth tune` comes to it, in a
// project of 60 rows. Bar for 135 million weights: under 5 s. Usage: TILTH_GGUF=model.gguf node bench/tune-start.ts [turns, 3]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadProject } from '../src/project/project.ts'

const base = process.env['TILTH_GGUF']
const [command, folder] = process.argv.slice(2)
if (base === undefined) console.log('skipped: TILTH_GGUF names no file')
else if (command === 'once') await startTuning(folder!)
else measure(resolve(base), Number(command ?? 3))

function measure(model: string, turns: number): void {
  console.log(`load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores`)
  const totals: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const project = makeProject(model)
    const run = spawnSync(process.execPath, [import.meta.filename, 'once', project], { encoding: 'utf8' })
    rmSync(project, { recursive: true })
    if (run.status !== 0) throw new Error(run.stderr)
    console.log(run.stdout.trim())
    totals.push((JSON.parse(run.stdout) as { readonly total: number }).total)
  }
  const best = Math.min(...totals)
  console.log(`first update after ${best.toFixed(2)} s at best; the bar is 5: ${best < 5 ? 'met' : 'missed'}`)
  process.exitCode = best < 5 ? 0 : 1
}

function makeProject(model: string): string {
  const project = mkdtempSync(join(tmpdir(), 'tilth-bench-'))
  const lines = Array.from({ length: 60 }, (_, row) => {
    const [soil, rain] = [['clay', 'sand', 'loam'][row % 3]!, (row * 37) % 100]
    return `${soil},${rain},${soil === 'loam' || rain > 80 ? 'good' : 'poor'}`
  })
  writeFileSync(join(project, 'reports.csv'), ['soil,rain,yield', ...lines, ''].join('\n'))
  writeFileSync(
    join(project, 'tilth.yaml'),
    `name: fields
sources:
  reports: { path: reports.csv, use: train }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['The soil is {{ soil }} and it rained {{ rain }} mm. How will the yield be?']
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: { use: decoder, base: ${JSON.stringify(model)}, epochs: 1, batch: 4, lora: { rank: 8, alpha: 16 } }
evaluate: { repeats: 1, folds: 2, curve: false }
`,
  )
  return project
}

/** Prints as JSON when each step of the run ended and the first update was taken, in seconds, and what it cost. */
async function startTuning(project: string): Promise<void> {
  const loaded = await loadProject(project)
  const { runProject } = await import('../src/run/run.ts')
  const parts: Record<string, number> = { loaded: seconds() }
  await runProject({
    loaded,
    signal: new AbortController().signal,
    until: 'tune',
    events: {
      log: () => {},
      step({ name, state }) {
        if (state === 'done') parts[name] = seconds()
      },
      progress(_step, _done, _total, training) {
        if (training === undefined) return
        const { user, system } = process.cpuUsage()
        console.log(JSON.stringify({ ...parts, total: seconds(), processor: (user + system) / 1e6 }))
        process.exit()
      },
    },
  })
}

function seconds(): number {
  return Math.round(performance.now() / 10) / 100
}
