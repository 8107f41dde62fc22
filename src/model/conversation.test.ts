import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Message } from '../data/example.ts'
import { chatFormat, type ChatFiles } from './checkpoint.ts'
import { promptIds, tokenizeExample, truncateExample, type TokenizedExample } from './conversation.ts'

const json = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`test/fixtures/decoder/${file}`, 'utf8')) as Record<string, unknown>
const expected = json('expected.json') as {
  texts: string[]
  ids: number[][]
  messages: Message[]
  rendered: string
  prompt: string
  templates: { name: string; template: string; rendered: string; prompt: string }[]
}
const files: ChatFiles = {
  tokenizer: json('llama/tokenizer.json'),
  tokenizerConfig: json('llama/tokenizer_config.json'),
  template: readFileSync('test/fixtures/decoder/llama/chat_template.jinja', 'utf8'),
  endIds: [],
}
const format = chatFormat(files, 'test')
const example = { id: 'a', messages: expected.messages, weight: 1 }

/** The text of the learned tokens, special ones included. */
function learnedText(tokenized: TokenizedExample, start = 0): string {
  const bytes = tokenized.ids.flatMap((id, place) =>
    place >= start && tokenized.learned[place] === 1 ? [id] : [],
  )
  return bytes.map(id => (format.endIds.includes(id) ? '<end>' : format.tokenizer.decode([id]))).join('')
}

test('tokenizes as the library tokenizers does', () => {
  expect(expected.texts.map(text => format.tokenizer.encode(text))).toEqual(expected.ids)
})

test('renders as transformers does, with and without the opening of an answer', () => {
  expect(format.template.render(expected.messages, { forAnswer: false })).toBe(expected.rendered)
  expect(format.template.render(expected.messages.slice(0, -1), { forAnswer: true })).toBe(expected.prompt)
})

test.each(expected.templates)('renders as transformers does: $name', ({ template, rendered, prompt }) => {
  const other = chatFormat({ ...files, template }, 'test').template
  expect(other.render(expected.messages, { forAnswer: false })).toBe(rendered)
  expect(other.render(expected.messages.slice(0, -1), { forAnswer: true })).toBe(prompt)
})

test('learns the last answer with the token that ends it, and nothing of the opening', () => {
  const tokenized = tokenizeExample(format, example, 'last') as TokenizedExample
  expect(learnedText(tokenized, tokenized.ids.length - 2)).toMatch(/<end>$/)
  const prompt = promptIds(format, expected.messages)
  expect(tokenized.ids.slice(0, prompt.length)).toEqual(prompt)
  expect(tokenized.learned.indexOf(1)).toBe(prompt.length)
  // The line break that the template writes after the end's token is not learned.
  const answer = format.tokenizer.encode('A rocket \u{1F680}')
  expect(tokenized.ids.slice(prompt.length)).toEqual([...answer, 3])
})

test('learns every answer where the task says so', () => {
  const tokenized = tokenizeExample(format, example, 'all') as TokenizedExample
  expect(learnedText(tokenized).split('<end>')).toHaveLength(3)
  expect(learnedText(tokenized)).toMatch(/^Ships<end>A rocket/)
})

test('has the begin token once, from the template', () => {
  const { ids } = tokenizeExample(format, example, 'last') as TokenizedExample
  expect(ids.filter(id => id === 1)).toHaveLength(1)
  expect(ids[0]).toBe(1)
})

test('finds the end of a turn in the template, whatever the files call the end', () => {
  const other = chatFormat(
    { ...files, tokenizerConfig: { ...files.tokenizerConfig, eos_token: '<|begin|>' } },
    'test',
  )
  expect(other.endIds).toEqual([1, 3])
})

test('fills up with a token that does not end turns', () => {
  expect(format.padId).toBe(0)
  const same = chatFormat(
    { ...files, tokenizerConfig: { ...files.tokenizerConfig, pad_token: '<|im_end|>' } },
    'test',
  )
  expect(same.endIds).not.toContain(same.padId)
})

test('gives the reason where an example has no tokens to learn from', () => {
  const asked = { ...example, messages: expected.messages.slice(0, 2) }
  expect(tokenizeExample(format, asked, 'last')).toEqual({ id: 'a', problem: 'no answer' })
  // An answer that begins with a line break: its tokens flow into those of the opening.
  const merging = chatFormat(
    { ...files, template: files.template.replace("assistant\\n'", "assistant '") },
    'test',
  )
  expect(tokenizeExample(merging, example, 'last')).toMatchObject({ problem: 'history is rewritten' })
  const forgetful =
    '{% for m in messages %}{% if loop.last or m.role != "assistant" %}{{ m.content }}{% endif %}{% endfor %}'
  expect(
    tokenizeExample(chatFormat({ ...files, template: forgetful }, 'test'), example, 'all'),
  ).toMatchObject({
    problem: 'history is rewritten',
  })
  const strict = chatFormat({ ...files, template: "{{ raise_exception('no system turn') }}" }, 'test')
  expect(tokenizeExample(strict, example, 'last')).toMatchObject({ problem: 'template refuses' })
  const glued = chatFormat(
    { ...files, template: '{% for m in messages %}{{ m.content }}{% endfor %}' },
    'test',
  )
  const words = {
    ...example,
    messages: [
      { role: 'user', content: 'h' },
      { role: 'assistant', content: 'e' },
    ] as const,
  }
  expect(tokenizeExample(glued, words, 'last')).toMatchObject({ problem: 'prompt is no token prefix' })
})

test('cuts down to the first tokens', () => {
  const tokenized = tokenizeExample(format, example, 'last') as TokenizedExample
  const cut = truncateExample(tokenized, 5)
  expect(cut.ids).toEqual(tokenized.ids.slice(0, 5))
  expect(cut.learned).toHaveLength(5)
  expect(truncateExample(tokenized, 500)).toBe(tokenized)
})
