import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, jsonSchema, Output, streamText } from 'ai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nonsenseCheckpoint, serveCheckpoint } from './served-model.ts'

let served: Awaited<ReturnType<typeof serveCheckpoint>>
beforeAll(async () => (served = await serveCheckpoint(nonsenseCheckpoint(), { token: 'secret' })))
afterAll(() => served.close())

const messages = [{ role: 'user' as const, content: 'geese?' }]
const strike = {
  type: 'object',
  properties: { bird: { type: 'string', enum: ['goose', 'gull'] } },
  required: ['bird'],
  additionalProperties: false,
}

const open = (apiKey = 'secret') => new OpenAI({ baseURL: served.url, apiKey, maxRetries: 0 })

const model = () =>
  createOpenAICompatible({
    name: 'tilth',
    baseURL: served.url,
    apiKey: 'secret',
    supportsStructuredOutputs: true,
  })('nonsense')

describe('the client openai', () => {
  const drawn = { model: 'nonsense', messages, seed: 3, max_completion_tokens: 40 }
  test('lists models, and gets an answer whole and as a stream', async () => {
    const client = open()
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['nonsense'])
    const whole = await client.chat.completions.create(drawn)
    expect(whole.choices[0]!.message.content).not.toBe('')
    const stream = await client.chat.completions.create({
      ...drawn,
      stream: true,
      stream_options: { include_usage: true },
    })
    let [text, tokens] = ['', 0]
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? ''
      tokens += usage?.total_tokens ?? 0
    }
    expect(text).toBe(whole.choices[0]!.message.content)
    expect(tokens).toBe(whole.usage!.total_tokens)
  })

  test('gets an answer that keeps to a schema', async () => {
    const response_format = {
      type: 'json_schema' as const,
      json_schema: { name: 'strike', strict: true, schema: strike },
    }
    const { choices } = await open().chat.completions.create({ ...drawn, response_format })
    expect(['goose', 'gull']).toContain((JSON.parse(choices[0]!.message.content!) as { bird: string }).bird)
  })

  test('throws its own errors', async () => {
    await expect(open('wrong').models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
    const long = [{ role: 'user' as const, content: 'honk '.repeat(3000) }]
    await expect(open().chat.completions.create({ ...drawn, messages: long })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
  })
})

describe('the AI SDK', () => {
  const drawn = { messages, seed: 3, maxOutputTokens: 40, maxRetries: 0 }

  test('gets a text whole and as a stream, with its tokens counted', async () => {
    const { text, usage } = await generateText({ model: model(), ...drawn })
    expect(usage.totalTokens).toBeGreaterThan(10)
    let streamed = ''
    for await (const piece of streamText({ model: model(), ...drawn }).textStream) streamed += piece
    expect(streamed).toBe(text)
  })

  test('gets an object of a schema', async () => {
    const output = Output.object({ schema: jsonSchema(strike) })
    const { output: object } = await generateText({ model: model(), ...drawn, output })
    expect(['goose', 'gull']).toContain((object as { bird: string }).bird)
  })
})
