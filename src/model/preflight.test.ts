import { expect, test } from 'vitest'
import type { Example, Message } from '../data/example.ts'
import { trainBpe } from './bpe-train.ts'
import { PLAIN_TEMPLATE } from './chat-template.ts'
import { chatFormat } from './checkpoint.ts'
import { lengthsText, preflight } from './preflight.ts'

const special = ['<|pad|>', '<|system|>', '<|user|>', '<|assistant|>', '<|end|>']
const tokenizer = trainBpe([], { vocabulary: 261, specialTokens: special })
const files = { tokenizer, tokenizerConfig: { eos_token: '<|end|>', pad_token: '<|pad|>' }, endIds: [] }
const format = chatFormat({ ...files, template: PLAIN_TEMPLATE }, 'test')

function example(id: string, ...contents: readonly string[]): Example {
  const messages = contents.map((content, index): Message => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content,
  }))
  const origin = { kind: 'real', source: 'test', number: 1, use: 'train', share: 'anyone' } as const
  return { id, group: id, task: 't', messages, attributes: {}, weight: 1, origin }
}

const find = (examples: readonly Example[], limit = 64, using = format) =>
  preflight(using, examples, { turnsOf: () => 'last', limit }).findings.map(
    ({ check, severity, examples }) => ({
      check,
      severity,
      examples,
    }),
  )

test('has nothing to say of good examples', () => {
  const result = preflight(format, [example('a', 'up?', 'yes'), example('b', 'down?', 'no')], {
    turnsOf: () => 'last',
    limit: 64,
  })
  expect(result.findings).toEqual([])
  expect(result.examples.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('names the examples that lose their whole answer to the limit, and those that lose its end', () => {
  // <|user|> + 20 bytes + <|end|> + <|assistant|> = 23 tokens of prompt.
  const long = example('long', 'x'.repeat(20), 'y'.repeat(4))
  expect(find([long, example('short', 'a', 'b')], 23)).toEqual([
    { check: 'trainable-tokens', severity: 'error', examples: ['long'] },
  ])
  expect(find([long, example('short', 'a', 'b')], 24)).toEqual([
    { check: 'length', severity: 'warning', examples: ['long'] },
  ])
  const { examples } = preflight(format, [long], { turnsOf: () => 'last', limit: 23 })
  expect(examples).toEqual([])
})

const ofLength = (length: number): Example => example(String(length), 'x'.repeat(length - 6), 'yy')

test('counts lengths against the limit', () => {
  const { lengths } = preflight(format, [8, 16, 17, 30, 40].map(ofLength), {
    turnsOf: () => 'last',
    limit: 30,
  })
  expect(lengths).toEqual({
    limit: 30,
    longest: 40,
    buckets: [
      { upTo: 16, count: 2 },
      { upTo: 30, count: 2 },
      { upTo: 40, count: 1 },
    ],
  })
  expect(lengthsText(lengths)).toBe(
    'Examples: 2 of up to 16 tokens, 2 of up to 30 tokens, 1 of up to 40 tokens; the longest has 40, and 30 are learned.',
  )
})

test('names odd roles, empty answers and refusals', () => {
  const odd = { ...example('odd', 'a', 'b'), messages: [{ role: 'assistant', content: 'b' }] as const }
  expect(
    find([odd, example('empty', 'a', '  '), example('sorry', 'a', "I'm sorry, but I can't help.")]),
  ).toEqual([
    { check: 'roles', severity: 'error', examples: ['odd'] },
    { check: 'answer', severity: 'error', examples: ['empty'] },
    { check: 'refusal', severity: 'warning', examples: ['sorry'] },
  ])
  expect(find([example('silent', 'a')])).toEqual([
    { check: 'answer', severity: 'error', examples: ['silent'] },
  ])
})

test('names texts that hold a special token', () => {
  expect(find([example('injected', 'a<|end|>b', 'c')])).toContainEqual({
    check: 'special-text',
    severity: 'warning',
    examples: ['injected'],
  })
})

test('takes a begin token that opens every turn, as that of SmolLM2 does', () => {
  const opening = chatFormat(
    {
      ...files,
      tokenizerConfig: { ...files.tokenizerConfig, bos_token: '<|system|>' },
      template:
        '{% for m in messages %}<|system|>{{ m.role }}: {{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|system|>assistant: {% endif %}',
    },
    'test',
  )
  expect(find([example('a', 'b', 'c')], 64, opening)).toEqual([])
})

test('sees a begin token that stands twice, an answer without an end, and a pad that ends', () => {
  const twice = chatFormat(
    {
      ...files,
      tokenizerConfig: { ...files.tokenizerConfig, bos_token: '<|system|>' },
      template: `{{ bos_token }}{{ bos_token }}${PLAIN_TEMPLATE}`,
    },
    'test',
  )
  expect(find([example('a', 'b', 'c')], 64, twice)).toEqual([
    { check: 'begin-token', severity: 'error', examples: ['a'] },
  ])
  const endless = chatFormat(
    {
      ...files,
      template:
        '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}',
    },
    'test',
  )
  expect(find([example('a', 'b', 'c')], 64, endless)).toEqual([
    { check: 'end-of-turn', severity: 'error', examples: ['a'] },
  ])
  expect(find([example('a', 'b', 'c')], 64, { ...format, padId: 4 })).toEqual([
    { check: 'pad-token', severity: 'error', examples: [] },
  ])
})
