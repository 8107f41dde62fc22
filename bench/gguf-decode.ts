// Tokens a second that follow one prompt, beside llama.cpp on the same GGUF file with 16-bit floats and as many threads,
// in turns. Bar: half of llama.cpp's, which reads 2 bytes a weight where tilth reads 4.
// Usage: TILTH_GGUF=model.gguf TILTH_LLAMA_CPP=folder TILTH_PYTHON=python node bench/gguf-decode.ts [turns, 6 unless told] [threads]
// The file is any that the Python package gguf reads: it is rewritten with 16-bit floats first.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createRandom } from '../src/data/random.ts'
import { readCheckpoint } from '../src/model/checkpoint.ts'
import { openContinuousBatch } from '../src/model/continuous-batch.ts'
import { countWeights } from '../src/model/memory.ts'
import { openLlama, type TimedTokens } from './peers/llama-cpp.ts'

const file = process.env['TILTH_GGUF']
const turns = Number(process.argv[2] ?? 6)
const length = 40
if (file === undefined) {
  console.log('skipped: TILTH_GGUF names no file')
} else {
  const folder = mkdtempSync(join(tmpdir(), 'tilth-bench-'))
  try {
    const half = join(folder, 'half.gguf')
    const python = process.env['TILTH_PYTHON'] ?? 'python3'
    const script = ['test/peers/gguf_widen.py', resolve(file), half, 'half']
    const run = spawnSync(python, script, { encoding: 'utf8' })
    if (run.status === 0) await compare(half)
    else console.log(`skipped: ${python} has no package gguf, or it does not read the file\n${run.stderr}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function compare(half: string): Promise<void> {
  const threads = Number(process.argv[3] ?? availableParallelism())
  const peer = openLlama(half, threads)
  if ('reason' in peer) return console.log(`skipped: ${peer.reason}`)
  const { config, weights } = await readCheckpoint(half)
  const batch = await openContinuousBatch({ config, weights, rows: 1, execution: { threads } })
  const random = createRandom(1, 'bench')

  const write = async (before: number): Promise<TimedTokens> => {
    const prompt = Array.from({ length: before }, (_, place) => 1000 + ((place * 37) % 40_000))
    const times: number[] = []
    let start = process.cpuUsage()
    await batch.answer({
      prompt,
      maxTokens: length + 1,
      choice: { kind: 'greedy' },
      endIds: [],
      random,
      onToken: () => {
        if (times.push(performance.now() / 1000) === 1) start = process.cpuUsage()
        return false
      },
    })
    const { user, system } = process.cpuUsage(start)
    const seconds = times.slice(1).map((time, index) => time - times[index]!)
    return { seconds, processor: (user + system) / 1e6 }
  }

  console.log(`load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores, threads: ${threads}`)
  const [own, their]: [TimedTokens[], TimedTokens[]] = [[], []]
  for (let turn = -1; turn < turns; turn++) {
    const before = 100 + 20 * Math.max(0, turn)
    const [ours, theirs] = [await write(before), await peer.write(before, length)]
    // The first turn warms both.
    if (turn === -1) continue
    own.push(ours)
    their.push(theirs)
  }
  peer.close()
  await batch.close()

  const rates = [
    show('tilth', own, countWeights(config) * 4),
    show('llama.cpp', their, countWeights(config) * 2),
  ]
  const ratios = own.map(({ seconds }, turn) => median(their[turn]!.seconds) / median(seconds))
  const ratio = median(ratios)
  console.log(
    `${ratio.toFixed(2)} of llama.cpp's tokens/s (median of ${turns} turns; of medians over all steps ${(rates[0]! / rates[1]!).toFixed(2)}); the bar is 0.5: ${ratio >= 0.5 ? 'met' : 'missed'}; load ${loadavg()[0]!.toFixed(1)}`,
  )
}

/** Prints what one of them did, and returns its tokens a second. */
function show(name: string, turns: readonly TimedTokens[], bytes: number): number {
  const seconds = turns.flatMap(turn => turn.seconds)
  const processor = turns.reduce((sum, turn) => sum + turn.processor, 0) / seconds.length
  const step = median(seconds)
  console.log(
    `${name}: ${(1 / step).toFixed(1)} tokens/s (median of ${seconds.length}), ${(1 / Math.min(...seconds)).toFixed(1)} at best, ${(processor * 1000).toFixed(0)} ms of processor time a token; its weights are read with ${(bytes / step / 1e9).toFixed(1)} GB/s`,
  )
  return 1 / step
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
