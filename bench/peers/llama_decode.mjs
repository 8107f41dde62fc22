/**
 * llama.cpp in a process that stays: reads { before, length } line by line, reads as many tokens and writes as many more,
 * and gives the wall time of each step and the processor time of all. Run in a folder with the npm package
 * node-llama-cpp; its arguments are a GGUF file and how many threads to take.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const from = createRequire(join(process.cwd(), 'package.json'))
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(from.resolve('node-llama-cpp')).href)
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error })
const model = await llama.loadModel({ modelPath: process.argv[2] })
const context = await model.createContext({ contextSize: 512, threads: Number(process.argv[3]) })
const sequence = context.getSequence()

for await (const line of createInterface(process.stdin)) {
  const { before, length } = JSON.parse(line)
  await sequence.clearHistory()
  const prompt = Array.from({ length: before }, (_, place) => 1000 + ((place * 37) % 40_000))
  const seconds = []
  let [last, start] = [0, process.cpuUsage()]
  for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    const now = performance.now() / 1000
    if (last === 0) start = process.cpuUsage()
    else seconds.push(now - last)
    last = now
    if (seconds.length === length) break
  }
  const { user, system } = process.cpuUsage(start)
  process.stdout.write(`${JSON.stringify({ seconds, processor: (user + system) / 1e6 })}\n`)
}
process.exit(0)
