/**
 * What llama.cpp makes of a GGUF file: tokens of texts, their greedy continuations, and the loss of each token of one
 * text. Run in a folder with the npm package node-llama-cpp; reads { model, prompts, length, text } as JSON.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text as read } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

const from = createRequire(join(process.cwd(), 'package.json'))
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(from.resolve('node-llama-cpp')).href)
const asked = JSON.parse(await read(process.stdin))
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error })
const model = await llama.loadModel({ modelPath: asked.model })
const context = await model.createContext({ contextSize: 1024, threads: 2 })
const sequence = context.getSequence()

const prompts = []
for (const prompt of asked.prompts) {
  await sequence.clearHistory()
  const ids = model.tokenize(prompt, true)
  const written = []
  for await (const id of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
    written.push(id)
    if (written.length === asked.length || model.isEogToken(id)) break
  }
  prompts.push({ ids, written })
}

await sequence.clearHistory()
const ids = model.tokenize(asked.text, true)
const whole = { temperature: 1, topK: 0, topP: 1, minP: 0 }
const results = await sequence.controlledEvaluate(
  ids.slice(0, -1).map(id => [id, { generateNext: { logits: true, options: whole } }]),
)
const losses = results.map((result, index) => {
  const { logits } = result.next
  const most = Math.max(...logits.values())
  const sum = [...logits.values()].reduce((total, logit) => total + Math.exp(logit - most), 0)
  return Math.log(sum) + most - logits.get(ids[index + 1])
})
process.stdout.write(JSON.stringify({ prompts, text: { ids, losses, logits: results[0].next.logits.size } }))
process.exit(0)
