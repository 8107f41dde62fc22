import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nonsenseCheckpoint, serveCheckpoint } from './served-model.ts'

/** A package, or undefined where it is not installed. */
async function installed<T>(name: string): Promise<T | undefined> {
  return import(/* @vite-ignore */ name).catch(() => undefined) as Promise<T | undefined>
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[]
  readonly usage?: { readonly total_tokens: number } | null
}

interface OpenAIClient {
  readonly models: { list(): Promise<{ readonly data: readonly { readonly id: string }[] }> }
  readonly chat: {
    readonly completions: {
      create(body: object): Promise<{
        readonly choices: readonly { readonly message: { readonly content: string } }[]
        readonly usage: { readonly total_tokens: number }
      }>
    }
  }
}

interface AiSdk {
  generateText(
    options: object,
  ): Promise<{ readonly text: string; readonly usage: { readonly totalTokens: number } }>
  streamText(options: object): { readonly textStream: AsyncIterable<string> }
  generateObject(options: object): Promise<{ readonly object: unknown }>
  jsonSchema(schema: object): unknown
}

const openai = await installed<{
  readonly default: new (options: object) => OpenAIClient
}>('openai')
const ai = await installed<AiSdk>('ai')
const compatible = await installed<{
  createOpenAICompatible(options: object): (model: string) => unknown
}>('@ai-sdk/openai-compatible')

let served: Awaited<ReturnType<typeof serveCheckpoint>>
beforeAll(async () => (served = await serveCheckpoint(nonsenseCheckpoint(), { token: 'secret' })))
afterAll(() => served.close())

const messages = [{ role: 'user', content: 'geese?' }]
const strike = {
  type: 'object',
  properties: { bird: { type: 'string', enum: ['goose', 'gull'] } },
  required: ['bird'],
  additionalProperties: false,
}

const open = (apiKey = 'secret') => new openai!.default({ baseURL: served.url, apiKey, maxRetries: 0 })

const model = () =>
  compatible!.createOpenAICompatible({
    name: 'tilth',
    baseURL: served.url,
    apiKey: 'secret',
    supportsStructuredOutputs: true,
  })('nonsense')

describe.skipIf(openai === undefined)('the client openai', () => {
  const drawn = { model: 'nonsense', messages, seed: 3, max_completion_tokens: 40 }
  test('lists models, and gets an answer whole and as a stream', async () => {
    const client = open()
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['nonsense'])
    const whole = await client.chat.completions.create(drawn)
    expect(whole.choices[0]!.message.content).not.toBe('')
    const stream = (await client.chat.completions.create({
      ...drawn,
      stream: true,
      stream_options: { include_usage: true },
    })) as unknown as AsyncIterable<Chunk>
    let [text, tokens] = ['', 0]
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? ''
      tokens += usage?.total_tokens ?? 0
    }
    expect(text).toBe(whole.choices[0]!.message.content)
    expect(tokens).toBe(whole.usage.total_tokens)
  })

  test('gets an answer that keeps to a schema', async () => {
    const response_format = {
      type: 'json_schema',
      json_schema: { name: 'strike', strict: true, schema: strike },
    }
    const { choices } = await open().chat.completions.create({ ...drawn, response_format })
    expect(['goose', 'gull']).toContain((JSON.parse(choices[0]!.message.content) as { bird: string }).bird)
  })

  test('throws its own errors', async () => {
    await expect(open('wrong').models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
    const long = [{ role: 'user', content: 'honk '.repeat(3000) }]
    await expect(open().chat.completions.create({ ...drawn, messages: long })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
  })
})

describe.skipIf(ai === undefined || compatible === undefined)('the AI SDK', () => {
  const drawn = { messages, seed: 3, maxOutputTokens: 40, maxRetries: 0 }

  test('gets a text whole and as a stream, with its tokens counted', async () => {
    const { text, usage } = await ai!.generateText({ model: model(), ...drawn })
    expect(usage.totalTokens).toBeGreaterThan(10)
    let streamed = ''
    for await (const piece of ai!.streamText({ model: model(), ...drawn }).textStream) streamed += piece
    expect(streamed).toBe(text)
  })

  test('gets an object of a schema', async () => {
    const { object } = await ai!.generateObject({ model: model(), ...drawn, schema: ai!.jsonSchema(strike) })
    expect(['goose', 'gull']).toContain((object as { bird: string }).bird)
  })
})
