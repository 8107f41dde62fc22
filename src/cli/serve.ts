import { once } from 'node:events'
import { readSeed } from './arguments.ts'
import { defineCommand, seedFlag } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { UserError } from '../error.ts'
import { closeModels, modelFlags, openModels, readCount } from './open-models.ts'
import { answeringFlags, askTuned } from './open-tuned.ts'

/** Milliseconds that answers under way are given when the server is stopped. */
const PATIENCE = 10_000

export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'Serves models on this machine to programs that know the API of OpenAI.',
  details:
    'Without a model, in the folder of a project, the one that its last run tuned on the first mixture. ' +
    'Answers /v1/models and /v1/chat/completions: streams, stop texts, seeds, answers held to a JSON Schema. ' +
    'Requests are answered together. Listens on 127.0.0.1; on any other address it wants a secret in the environment variable TILTH_TOKEN, which clients send as their API key. ' +
    'Ctrl-C takes no more requests and finishes those under way.',
  examples: [
    'tilth serve',
    'tilth serve --arm real --arm mixed',
    'tilth serve --model base --model tuned --port 9000',
  ],
  args: {
    ...modelFlags,
    ...answeringFlags,
    host: { type: 'string', valueHint: 'address', description: 'Where to listen; 127.0.0.1 unless told.' },
    port: { type: 'string', valueHint: 'number', description: '8080 unless told; 0 takes a free one.' },
    rows: { type: 'string', valueHint: 'number', description: 'Answers of a model at once, 8 unless told.' },
    queue: {
      type: 'string',
      valueHint: 'number',
      description: 'Requests under way at most, 64 unless told; more are turned away.',
    },
    ...seedFlag,
  },
  async run(args, terminal, raw) {
    const port = Number(args.port ?? 8080)
    if (!/^\d+$/.test(args.port ?? '8080') || port > 65_535)
      throw new UsageError(`--port is "${args.port}"; it should be a whole number up to 65535.`)
    const rows = readCount('rows', args.rows) ?? 8
    const most = readCount('queue', args.queue) ?? 64
    const seed = readSeed(args.seed) ?? 1
    const tuned = await askTuned(args, raw, terminal)
    const host = args.host ?? '127.0.0.1'
    const { isLoopback, startServer } = await import('../serve/server.ts')
    const local = tuned.find(each => each.tuned.local)
    if (local !== undefined && !isLoopback(host)) {
      throw new UserError(
        `"${local.name}" descends from rows with \`share: local\`, which stay on this machine, and others could ask it at ${host}.`,
        'Serve it on 127.0.0.1, or take an arm without those rows.',
      )
    }
    const models = await openModels({ raw, context: args.context, rows, tuned }, terminal)
    try {
      const server = await startServer({
        models,
        host,
        port,
        token: process.env['TILTH_TOKEN'] || null,
        most,
        seed,
        now: Date.now,
        log: message => terminal.note(message),
      })
      terminal.out(server.url)
      terminal.note(`${models.map(({ name }) => name).join(', ')} at this address; Ctrl-C ends it.`)
      if (!terminal.signal.aborted) await once(terminal.signal, 'abort')
      await server.close(PATIENCE)
      return exitCodes.done
    } finally {
      await closeModels(models)
    }
  },
})
