import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../src/data/random.ts'
import { chatFormat } from '../src/model/checkpoint.ts'
import { openSampler } from '../src/model/sample.ts'
import { eventsOf, nonsenseCheckpoint, serveCheckpoint, shortCheckpoint } from './served-model.ts'

const loose = (seed: number) => ({ seed, temperature: 1.5, top_p: 0.95, max_tokens: 24 })
const question = (content: string) => ({ ...greedy, messages: [{ role: 'user', content }] })

interface Completion {
  readonly id: string
  readonly choices: readonly {
    readonly message: { readonly content: string }
    readonly finish_reason: string
  }[]
  readonly usage: Readonly<Record<string, number>>
}
type Served = Awaited<ReturnType<typeof serveCheckpoint>>

const greedy = { temperature: 0, max_tokens: 24 }
/** Drawn, as the likeliest tokens of a decoder that knows nothing are no characters. */
const drawn = { seed: 3, temperature: 1, max_tokens: 60 }

async function answerOf(response: Response): Promise<Completion> {
  const body = await response.text()
  expect(response.status, body).toBe(200)
  return JSON.parse(body) as Completion
}
const textOf = async (response: Response): Promise<string> =>
  (await answerOf(response)).choices[0]!.message.content

/** The status and error of a response that is none of 200. */
async function errorOf(response: Response) {
  const { error } = (await response.json()) as {
    error: { message: string; type: string; code: string; param: string | null }
  }
  return { status: response.status, ...error }
}

describe('a server', () => {
  let served: Served
  beforeAll(async () => (served = await serveCheckpoint(nonsenseCheckpoint())))
  afterAll(() => served.close())

  test('lists its models', async () => {
    const list = await (await fetch(`${served.url}/models`)).json()
    const model = { id: 'nonsense', object: 'model', created: 1_700_000_000, owned_by: 'tilth' }
    expect(list).toEqual({ object: 'list', data: [{ ...model, context_length: 2048 }] })
    const one = await (await fetch(`${served.url}/models/nonsense`)).json()
    expect(one).toEqual({ ...model, context_length: 2048 })
  })

  test('answers as the model does, with its tokens counted', async () => {
    const { choices, usage } = await answerOf(await served.ask(greedy))
    const { config, weights, chat } = nonsenseCheckpoint()
    const format = chatFormat(chat, 'nonsense')
    const prompt = format.tokenizer.encode('<|user|>geese?<|end|><|assistant|>')
    const sampler = await openSampler({ config, weights, rows: 1 })
    const [answer] = await sampler.generate([prompt], {
      maxTokens: 24,
      choice: { kind: 'greedy' },
      endIds: format.endIds,
      random: createRandom(1, 'any'),
    })
    await sampler.close()
    expect(choices[0]!.message.content).toBe(format.tokenizer.decode(answer!.ids))
    expect(choices[0]!.finish_reason).toBe(answer!.isEnded ? 'stop' : 'length')
    expect(usage).toEqual({
      prompt_tokens: prompt.length,
      completion_tokens: answer!.ids.length,
      total_tokens: prompt.length + answer!.ids.length,
    })
  })

  test('streams the pieces of the same answer, then the usage if asked', async () => {
    const whole = await answerOf(await served.ask(drawn))
    const response = await served.ask({ ...drawn, stream: true, stream_options: { include_usage: true } })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const events = await eventsOf(response)
    expect(events.at(-1)).toBe('[DONE]')
    const chunks = events.slice(0, -1).map(
      event =>
        JSON.parse(event) as {
          choices: { delta: { role?: string; content?: string }; finish_reason: string | null }[]
          usage?: object
        },
    )
    const texts = chunks.map(({ choices }) => choices[0]?.delta.content ?? '')
    expect(texts.join('')).toBe(whole.choices[0]!.message.content)
    expect(texts.length).toBeGreaterThan(5)
    expect(chunks[0]!.choices[0]!.delta.role).toBe('assistant')
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe(whole.choices[0]!.finish_reason)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage })
  })

  test('a seed repeats an answer, another gives another', async () => {
    const first = await served.ask(loose(7)).then(textOf)
    expect(await served.ask(loose(7)).then(textOf)).toBe(first)
    expect(await served.ask(loose(8)).then(textOf)).not.toBe(first)
  })

  test('a stop text ends the answer before it, streamed or not', async () => {
    const text = await textOf(await served.ask(drawn))
    const stop = text.slice(7, 10)
    const before = text.slice(0, text.indexOf(stop))
    const { choices } = await answerOf(await served.ask({ ...drawn, stop: [stop, 'never written'] }))
    expect(choices[0]).toMatchObject({ message: { content: before }, finish_reason: 'stop' })
    const events = await eventsOf(await served.ask({ ...drawn, stop, stream: true }))
    const pieces = events
      .slice(0, -1)
      .map(
        event =>
          (JSON.parse(event) as { choices: { delta: { content?: string } }[] }).choices[0]!.delta.content ??
          '',
      )
    expect(pieces.join('')).toBe(before)
  })

  test('an answer keeps to a JSON Schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        bird: { enum: ['goose', 'gull'] },
        count: { type: 'integer' },
        parts: { type: 'array', items: { type: 'boolean' }, maxItems: 3 },
      },
      required: ['bird', 'count', 'parts'],
      additionalProperties: false,
    }
    const response_format = { type: 'json_schema', json_schema: { name: 'strike', strict: true, schema } }
    const answer = JSON.parse(await textOf(await served.ask({ temperature: 0, response_format }))) as Record<
      string,
      unknown
    >
    expect(Object.keys(answer)).toEqual(['bird', 'count', 'parts'])
    expect(['goose', 'gull']).toContain(answer['bird'])
    expect(Number.isInteger(answer['count'])).toBe(true)
    expect((answer['parts'] as unknown[]).every(part => typeof part === 'boolean')).toBe(true)
  })

  test('requests together are answered as each alone, in one batch', async () => {
    const questions = Array.from({ length: 10 }, (_, index) => 'goose '.repeat(1 + 9 * index))
    const alone: string[] = []
    for (const content of questions) alone.push(await textOf(await served.ask(question(content))))
    const asked = questions.map(content => served.ask(question(content)).then(textOf))
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, served.model.load().active)), 2)
    expect(await Promise.all(asked)).toEqual(alone)
    clearInterval(watch)
    expect(most).toBe(4)
  })

  test('a client that hangs up gives its place in the batch free', async () => {
    const hang = new AbortController()
    const leaving = [1, 2, 3, 4, 5, 6].map(() =>
      served.ask({ temperature: 1, stream: true, max_tokens: 2000, response_format: endless }, hang.signal),
    )
    while (served.model.load().active < 4 || served.model.load().waiting < 2) await sleep(5)
    const late = served.ask(greedy).then(answerOf)
    hang.abort()
    await Promise.allSettled(leaving)
    await late
    expect(served.model.load()).toEqual({ active: 0, waiting: 0 })
    expect(served.logged).toEqual([])
  })

  test.each([
    ['a body that is no JSON', '{"model": ', 400, 'invalid_json', 'The body is no JSON'],
    ['a body that is no object', '[1]', 400, 'invalid_value', 'expected object'],
    [
      'a body that is too large',
      `{"user": "${'x'.repeat(1 << 20)}"}`,
      413,
      'request_too_large',
      '1048576 bytes',
    ],
  ])('%s is refused', async (_, body, status, code, message) => {
    const response = await fetch(`${served.url}/chat/completions`, { method: 'POST', body })
    const error = await errorOf(response)
    expect(error).toMatchObject({ status, code })
    expect(error.message).toContain(message)
  })

  test.each([
    ['no messages', { messages: [] }, 400, 'invalid_value', 'messages'],
    [
      'a role that there is not',
      { messages: [{ role: 'bird', content: '' }] },
      400,
      'invalid_value',
      'messages.0.role',
    ],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      400,
      'invalid_value',
      'messages.0.content',
    ],
    ['a temperature of 3', { temperature: 3 }, 400, 'invalid_value', 'temperature'],
    ['two answers', { n: 2 }, 400, 'invalid_value', 'n'],
    ['tools', { tools: [] }, 400, 'unsupported_parameter', 'tools'],
    ['another model', { model: 'nonsens' }, 404, 'model_not_found', 'model'],
    [
      'a schema with a keyword that is not known',
      schemaOf({ type: 'integer', multipleOf: 3 }),
      400,
      'invalid_json_schema',
      'response_format',
    ],
    [
      'a schema that requires what it does not have',
      schemaOf({ type: 'object', properties: {}, required: ['a'] }),
      400,
      'invalid_json_schema',
      'response_format',
    ],
    [
      'a schema with bounds the wrong way',
      schemaOf({ type: 'string', minLength: 3, maxLength: 2 }),
      400,
      'invalid_json_schema',
      'response_format',
    ],
    [
      'a schema without an end',
      schemaOf({ type: 'string', minLength: 1e9 }),
      400,
      'invalid_json_schema',
      'response_format',
    ],
    [
      'a prompt longer than the context',
      { messages: [{ role: 'user', content: 'honk '.repeat(3000) }] },
      400,
      'context_length_exceeded',
      'messages',
    ],
  ])('%s is refused, streamed or not', async (_, change, status, code, param) => {
    for (const stream of [false, true]) {
      const error = await errorOf(await served.ask({ ...change, stream }))
      expect(error).toMatchObject({ status, code, param, type: 'invalid_request_error' })
      expect(error.message).not.toBe('')
    }
  })

  test('other paths and methods are refused', async () => {
    expect(await errorOf(await fetch(`${served.url}/embeddings`))).toMatchObject({ status: 404 })
    const wrong = await fetch(`${served.url}/chat/completions`)
    expect(wrong.headers.get('allow')).toBe('POST')
    expect(await errorOf(wrong)).toMatchObject({ status: 405 })
  })

  test('a page that a browser has open may not ask', async () => {
    const origin = await fetch(`${served.url}/models`, { headers: { origin: 'https://example.org' } })
    expect(await errorOf(origin)).toMatchObject({ status: 403 })
    // A name that was bent to this address; fetch would not send it.
    const status = await new Promise(resolve =>
      request(`${served.url}/models`, { headers: { host: 'example.org' } }, response => {
        response.resume()
        resolve(response.statusCode)
      }).end(),
    )
    expect(status).toBe(403)
    expect(
      (await fetch(`${served.url}/models`, { headers: { origin: 'http://localhost:3000' } })).status,
    ).toBe(200)
  })
})

/** A schema whose answers may go on for ever. */
const endless = {
  type: 'json_schema',
  json_schema: { name: 'x', schema: { type: 'array', items: { type: 'boolean' }, minItems: 900 } },
}

function schemaOf(schema: object) {
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } }
}

test('a prompt may fill the context, and the answer takes what is left', async () => {
  const served = await serveCheckpoint(await shortCheckpoint())
  try {
    const { usage } = await answerOf(
      await served.ask({ ...greedy, max_tokens: 1000, response_format: endless }),
    )
    expect(usage['total_tokens']).toBe(64)
    const error = await errorOf(
      await served.ask({ messages: [{ role: 'user', content: 'honk '.repeat(60) }] }),
    )
    expect(error.message).toMatch(/context is 64 tokens, and the messages have \d+/)
  } finally {
    await served.close()
  }
})

test.each([
  [
    'loops',
    '{% set r = range(1000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}',
    'come to an end within 2 s',
  ],
  ['counts too far', '{% for a in range(1000000000) %}x{% endfor %}', 'a range of 1000000000 numbers'],
  ['refuses', "{{ raise_exception('no geese') }}", 'no geese'],
  ['is empty', '', 'makes nothing'],
])('a template that %s is told, and the server goes on', async (_, template, message) => {
  const checkpoint = nonsenseCheckpoint()
  const served = await serveCheckpoint({ ...checkpoint, chat: { ...checkpoint.chat, template } })
  try {
    for (let time = 0; time < 2; time++) {
      const error = await errorOf(await served.ask({}))
      expect(error).toMatchObject({ status: 400, code: 'template_error', param: 'messages' })
      expect(error.message).toContain(message)
    }
    expect((await fetch(`${served.url}/models`)).status).toBe(200)
  } finally {
    await served.close()
  }
})

test('more requests than the queue holds are turned away', async () => {
  const served = await serveCheckpoint(nonsenseCheckpoint(), { rows: 1, most: 3 })
  const hang = new AbortController()
  try {
    const kept = [1, 2, 3].map(() => served.ask({ response_format: endless, max_tokens: 2000 }, hang.signal))
    while (served.model.load().waiting < 2) await sleep(5)
    const response = await served.ask(greedy)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await errorOf(response)).toMatchObject({ status: 429, code: 'queue_full' })
    hang.abort()
    await Promise.allSettled(kept)
  } finally {
    await served.close()
  }
})

test('a token is needed for anything but loopback, and then by everyone', async () => {
  await expect(serveCheckpoint(nonsenseCheckpoint(), { host: '0.0.0.0' })).rejects.toThrow(
    'there is no token',
  )
  const served = await serveCheckpoint(nonsenseCheckpoint(), { token: 'secret' })
  try {
    expect(await errorOf(await served.ask(greedy))).toMatchObject({ status: 401, code: 'invalid_api_key' })
    const ask = (token: string) =>
      fetch(`${served.url}/models`, { headers: { authorization: `Bearer ${token}` } })
    expect((await ask('secre')).status).toBe(401)
    expect((await ask('secret')).status).toBe(200)
  } finally {
    await served.close()
  }
})

test('a server that closes finishes what is under way and ends what takes too long', async () => {
  const served = await serveCheckpoint(nonsenseCheckpoint())
  const quick = served.ask(greedy).then(answerOf)
  const slow = served.ask({ response_format: endless, max_tokens: 2000 }).then(errorOf)
  while (served.model.load().active < 2) await sleep(2)
  await served.close(400)
  expect((await quick).choices).toHaveLength(1)
  expect(await Promise.race([slow, sleep(1000)])).toMatchObject({ status: 503, code: 'shutting_down' })
}, 60_000)
