import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { trainBpe } from './bpe-train.ts'
import { chooseToken } from './choose-token.ts'
import { choiceConstraint, choiceTree, languageConstraint, tokenTree, type Constraint } from './constraint.ts'
import { jsonGrammar } from './json-grammar.ts'
import { createTokenizer } from './tokenizer.ts'

const texts = Array.from({ length: 30 }, (_, index) => `{"city":"Rome","nights":${index}} true null`)
const tokenizer = createTokenizer(
  trainBpe(texts, { vocabulary: 320, specialTokens: ['<|end|>'] }),
  {},
  'test',
)
const vocabulary = { tokenizer, tree: tokenTree(tokenizer), endIds: [0] }
const schema = {
  type: 'object',
  properties: { city: { type: 'string', maxLength: 5 }, nights: { type: ['integer', 'null'] } },
  required: ['city', 'nights'],
}

/** A text drawn with random logits under a constraint. */
function draw(constraint: Constraint, seed: number): string {
  const random = createRandom(seed, 'draw')
  const answer = constraint.begin()
  const ids: number[] = []
  for (;;) {
    const logits = Float32Array.from({ length: tokenizer.size }, () => random.normal())
    const id = chooseToken(logits, { choice: { kind: 'greedy' }, allowed: answer.allowed(), random })
    if (id === 0) return tokenizer.decode(ids)
    answer.accept(id)
    ids.push(id)
  }
}

test('whatever the logits are, the text is JSON of the schema', () => {
  const constraint = languageConstraint(jsonGrammar(schema), vocabulary)
  const drawn = Array.from({ length: 50 }, (_, seed) => draw(constraint, seed))
  for (const text of drawn) {
    const value = JSON.parse(text) as { city: string; nights: number | null }
    expect(Object.keys(value)).toEqual(['city', 'nights'])
    expect(value.nights === null || Number.isInteger(value.nights)).toBe(true)
  }
  expect(new Set(drawn).size).toBeGreaterThan(40)
})

test('allows the tokens of the usual spelling, and the end only when the text is whole', () => {
  const answer = languageConstraint(jsonGrammar(schema), vocabulary).begin()
  for (const id of tokenizer.encode('{"city":"Rome","nights":12}')) {
    expect(answer.allowed()).toContain(id)
    expect(answer.allowed()).not.toContain(0)
    answer.accept(id)
  }
  expect(answer.allowed()).toEqual([0])
})

test('a choice is followed to its end, and nothing else is', () => {
  const tree = choiceTree([
    [1, 2, 0],
    [1, 3, 0],
    [4, 0],
  ])
  const answer = choiceConstraint(tree).begin()
  expect(answer.allowed()).toEqual([1, 4])
  answer.accept(1)
  expect(answer.allowed()).toEqual([2, 3])
  answer.accept(3)
  expect(answer.allowed()).toEqual([0])
  answer.accept(9)
  expect(answer.allowed()).toEqual([])
  expect(() => choiceTree([[1], [1]])).toThrow('the choices 0 and 1')
})

test('greedy takes the likeliest of those allowed, the lowest of equals', () => {
  const random = createRandom(1, 'choose')
  const logits = Float32Array.of(1, 3, 2, 3)
  const choose = (allowed: readonly number[] | null): number =>
    chooseToken(logits, { choice: { kind: 'greedy' }, allowed, random })
  expect(choose(null)).toBe(1)
  expect(choose([3, 2, 0])).toBe(3)
  expect(() => choose([])).toThrow('no token may come next')
})

function farthest(actual: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((share, index) => Math.abs(actual[index]! - share)))
}

test('draws as often as temperature and top-p say', () => {
  const random = createRandom(1, 'choose')
  const logits = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log)
  const shares = (temperature: number, topP: number): readonly number[] => {
    const counts = [0, 0, 0, 0]
    const choice = { kind: 'sample', temperature, topP } as const
    for (let draws = 0; draws < 4000; draws++)
      counts[chooseToken(logits, { choice, allowed: null, random })]!++
    return counts.map(count => count / 4000)
  }
  expect(farthest(shares(1, 1), [0.5, 0.3, 0.15, 0.05])).toBeLessThan(0.03)
  // 0.5 + 0.3 reach 0.75: the others are left out.
  expect(farthest(shares(1, 0.75), [0.625, 0.375, 0, 0])).toBeLessThan(0.03)
  // Squares at a temperature of one half: 0.25, 0.09, 0.0225, 0.0025 of 0.365.
  expect(farthest(shares(0.5, 1), [0.685, 0.247, 0.062, 0.007])).toBeLessThan(0.03)
})
