// Eight clients at once of a served model in the sizes of SmolLM2-135M, over HTTP, and the memory over many requests.
// Bars: 100 tokens/s in all on 2 cores; memory flat over 1,000 requests. What the weights are changes what is
// written, not how long it takes. Usage: node bench/serve.ts [requests of the second part, 1000 unless told]
import { loadavg } from 'node:os'
import { createRandom } from '../src/data/random.ts'
import { scratchCheckpoint } from '../src/model/scratch.ts'
import { openServedModel } from '../src/serve/served-model.ts'
import { startServer } from '../src/serve/server.ts'
import { anyWeights, smollm2 } from './smollm2.ts'

const clients = 8
const answerTokens = 64
const rounds = 3
const random = createRandom(1, 'serve')
const text = 'How many geese met the aircraft on approach, and what did the crew do? '
const scratch = scratchCheckpoint([[{ role: 'user', content: text }]], random)

const chat = { ...scratch.chat, endIds: [] }
const large = { config: smollm2, weights: anyWeights(smollm2), chat }

await measure(large, clients, async ask => {
  const rates: number[] = []
  const used = process.cpuUsage()
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const tokens = await all(clients, clients, ask)
    rates.push((tokens / (performance.now() - start)) * 1000)
  }
  const { user, system } = process.cpuUsage(used)
  const cost = (user + system) / 1000 / (rounds * clients * answerTokens)
  const middle = rates.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!
  console.log(
    `${middle.toFixed(1)} tokens/s with ${clients} clients (median of ${rounds} rounds: ${rates.map(rate => rate.toFixed(1)).join(', ')}), ${cost.toFixed(1)} ms of processor time a token; the bar is 100: ${middle >= 100 ? 'met' : 'missed'}; load ${loadavg()[0]!.toFixed(1)}`,
  )
})
const requests = Number(process.argv[2] ?? 1000)
await measure({ ...scratch, chat }, clients, async ask => {
  // The heap takes about 2,000 requests to reach its size.
  await all(requests * 2, clients, ask)
  const before = megabytes()
  await all(requests, clients, ask)
  console.log(`${requests} requests to a small model: ${before} MB before, ${megabytes()} MB after`)
})

async function measure(
  checkpoint: typeof large,
  rows: number,
  run: (ask: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const model = await openServedModel({ name: 'model', checkpoint, rows, context: 2048 })
  const server = await startServer({
    models: [model],
    host: '127.0.0.1',
    port: 0,
    token: null,
    most: 64,
    seed: 1,
    now: () => 0,
    log: console.error,
  })
  const ask = async (): Promise<number> => {
    const response = await fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'model',
        max_tokens: answerTokens,
        temperature: 0,
        messages: [{ role: 'user', content: text.repeat(2) }],
      }),
    })
    const { usage } = (await response.json()) as { usage: { completion_tokens: number } }
    return usage.completion_tokens
  }
  // Graphs are compiled with the first.
  await ask()
  await run(ask)
  await server.close(1000)
  await model.close()
}

function megabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6)
}

/** Asks so many times, so many at once, and gives the tokens of all answers. */
async function all(count: number, atOnce: number, ask: () => Promise<number>): Promise<number> {
  let [left, tokens] = [count, 0]
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      // Not `tokens += await …`, which reads the sum before the others have added to it.
      const written = await ask()
      tokens += written
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  return tokens
}
