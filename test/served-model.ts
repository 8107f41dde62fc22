import { createRandom } from '../src/data/random.ts'
import { readCheckpoint, type Checkpoint } from '../src/model/checkpoint.ts'
import { scratchCheckpoint } from '../src/model/scratch.ts'
import { openServedModel } from '../src/serve/served-model.ts'
import { startServer, type ServerOptions } from '../src/serve/server.ts'

/** A small decoder that knows nothing: it writes nonsense, of 2,048 tokens at most. */
export function nonsenseCheckpoint(): Checkpoint {
  const talk = [
    { role: 'user', content: 'How many geese met the aircraft on approach?' },
    { role: 'assistant', content: 'Two geese met it, and one gull.' },
  ] as const
  return scratchCheckpoint([talk], createRandom(1, 'nonsense'))
}

/** A random decoder of a context of 64 tokens. */
export function shortCheckpoint(): Promise<Checkpoint> {
  return readCheckpoint('test/fixtures/decoder/llama')
}

/** A server on loopback with a model called `nonsense`. */
export async function serveCheckpoint(
  checkpoint: Checkpoint,
  changes: Partial<ServerOptions> & { readonly rows?: number } = {},
) {
  const { rows = 4, ...others } = changes
  const model = await openServedModel({ name: 'nonsense', checkpoint, rows, context: 2048 })
  const logged: string[] = []
  const server = await startServer({
    models: [model],
    host: '127.0.0.1',
    port: 0,
    token: null,
    most: 64,
    seed: 1,
    now: () => 1_700_000_000_000,
    log: message => logged.push(message),
    ...others,
  })
  const ask = (body: object, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nonsense', messages: [{ role: 'user', content: 'geese?' }], ...body }),
      signal,
    })
  return {
    url: server.url,
    model,
    logged,
    ask,
    async close(patience = 5000) {
      await server.close(patience)
      await model.close()
    },
  }
}

/** The data of server-sent events. */
export async function eventsOf(response: Response): Promise<readonly string[]> {
  return (await response.text())
    .split('\n\n')
    .filter(event => event !== '')
    .map(event => event.replace(/^data: /, ''))
}
