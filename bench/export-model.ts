// A tuned model of 135 million weights is exported, in a fresh process each time: seconds, and the most memory that it
// held against its weights, of which each takes 4 bytes when it is read. Bars for `merged`: 10 s, and 2.5 times the
// weights. Usage: TILTH_GGUF=SmolLM2-135M-Instruct.gguf node bench/export-model.ts
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { findRun } from '../src/cli/run-folder.ts'
import { modelFormats } from '../src/export/model-format.ts'
import type { FloatType } from '../src/model/exported-files.ts'
import type { Quantisation } from '../src/model/gguf-decoder.ts'
import { countWeights } from '../src/model/memory.ts'
import { loadProject } from '../src/project/project.ts'
import { exportModel } from '../src/run/export-model.ts'
import { findTuned } from '../src/run/tuned-model.ts'
import { decoderProject } from '../test/decoder-project.ts'
import { putLargeDecoder } from '../test/large-decoder.ts'

const cases: readonly (readonly [format: string, dtype: FloatType, quantisation: Quantisation])[] = [
  ['merged', 'f32', 'f16'],
  ['merged', 'bf16', 'f16'],
  ['gguf', 'f32', 'f16'],
  ['gguf', 'f32', 'q8_0'],
  ['peft', 'f32', 'f16'],
]

const file = process.env['TILTH_GGUF']
const [mode, folder, ...rest] = process.argv.slice(2)
if (mode === 'once') await exportOnce(folder!, rest as [string, FloatType, Quantisation])
else if (file === undefined) console.log('skipped: TILTH_GGUF names no file')
else await compare(file)

async function compare(base: string): Promise<void> {
  const project = decoderProject('folder')
  try {
    const cli = path.resolve('src/cli/main.ts')
    spawnSync(process.execPath, [cli, 'run'], { cwd: project, stdio: 'ignore' })
    const { id, folder: place, report } = await findRun(project, undefined)
    const request = { project, run: { id, folder: place, seed: report!.project.seed } }
    await putLargeDecoder(request, base)
    const weights = countWeights((await findTuned(request)).model.config) * 4
    console.log(`${Math.round(weights / 1e6)} MB of weights; load ${loadavg()[0]!.toFixed(1)}`)
    let isMet = true
    for (const each of cases) {
      const run = spawnSync(process.execPath, [import.meta.filename, 'once', project, ...each], {
        encoding: 'utf8',
      })
      if (run.status !== 0) throw new Error(run.stderr)
      const { seconds, processor, memory, bytes } = JSON.parse(run.stdout) as Measured
      const isWithin = seconds < 10 && memory < 2.5 * weights
      if (each[0] === 'merged') isMet &&= isWithin
      console.log(
        `${each.join(' ')}: ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s (${processor.toFixed(1)} s of a processor), memory ${(memory / 1e6).toFixed(0)} MB, ${(memory / weights).toFixed(2)} times the weights`,
      )
    }
    console.log(`the bars of 10 s and 2.5 times the weights are ${isMet ? 'met' : 'missed'}`)
    process.exitCode = isMet ? 0 : 1
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

interface Measured {
  readonly seconds: number
  readonly processor: number
  /** The most that was resident (VmHWM), and what was written, in bytes. */
  readonly memory: number
  readonly bytes: number
}

/** Node's own start is counted. */
async function exportOnce(
  project: string,
  [name, dtype, quantisation]: [string, FloatType, Quantisation],
): Promise<void> {
  const loaded = await loadProject(project)
  const { id, folder: place, report } = await findRun(project, undefined)
  const { bytes } = await exportModel({
    loaded,
    run: { id, folder: place, report: report! },
    format: modelFormats.find(each => each.name === name)!,
    dtype,
    quantisation,
    letLocalDataOut: false,
    signal: new AbortController().signal,
  })
  const seconds = performance.now() / 1000
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const processor = (userCPUTime + systemCPUTime) / 1e6
  console.log(JSON.stringify({ seconds, processor, memory: maxRSS * 1024, bytes }))
}
