import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../src/data/random.ts'
import { choiceConstraint, choiceTree } from '../src/model/constraint.ts'
import { parseDecoderConfig, type Architecture, type DecoderConfig } from '../src/model/decoder-config.ts'
import { loadWeights, type Weights } from '../src/model/decoder-weights.ts'
import { openSafetensors } from '../src/model/safetensors.ts'
import { openSampler, type GenerateOptions, type Sampler } from '../src/model/sample.ts'
import { openChoiceScorer } from '../src/model/score-choices.ts'

// What transformers writes, without a cache: test/peers/decoder.py.
const fixtures = 'test/fixtures/decoder'
const lengths = [1, 7, 24]
const greedy: GenerateOptions = {
  maxTokens: 20,
  choice: { kind: 'greedy' },
  endIds: [],
  random: createRandom(1, 'sample'),
}

async function open(name: string) {
  const config = parseDecoderConfig(JSON.parse(readFileSync(`${fixtures}/${name}/config.json`, 'utf8')), name)
  const weights = await loadWeights(`${fixtures}/${name}`, config)
  const file = await openSafetensors(`${fixtures}/${name}/expected.safetensors`)
  const ids = [...(await file.read('ids')).values]
  const written = await Promise.all(
    lengths.map(async length => [...(await file.read(`written ${length}`)).values]),
  )
  await file.close()
  return { config, weights, prompts: lengths.map(length => ids.slice(0, length)), written }
}

for (const name of ['llama', 'mistral', 'qwen2', 'qwen3'] satisfies Architecture[]) {
  test(`a ${name} decoder with a cache writes what transformers writes without one`, async () => {
    const { config, weights, prompts, written } = await open(name)
    const sampler = await openSampler({ config, weights, rows: 4 })
    const answers = await sampler.generate(prompts, greedy)
    await sampler.close()
    expect(answers.map(({ ids }) => ids)).toEqual(written)
    expect(answers.every(({ isEnded }) => !isEnded)).toBe(true)
  })
}

describe('a sampler', () => {
  let sampler: Sampler
  let config: DecoderConfig
  let weights: Weights
  let prompts: readonly (readonly number[])[]
  let written: readonly (readonly number[])[]
  beforeAll(async () => {
    ;({ config, weights, prompts, written } = await open('llama'))
    sampler = await openSampler({ config, weights, rows: 2 })
  })
  afterAll(() => sampler.close())

  test('answers the same whatever else is in the batch', async () => {
    const alone = await sampler.generate(prompts.slice(1, 2), greedy)
    const among = await sampler.generate([prompts[2]!, prompts[1]!, prompts[0]!, prompts[1]!], greedy)
    expect(among.map(({ ids }) => ids)).toEqual([written[2], written[1], written[0], written[1]])
    expect(alone[0]).toEqual(among[1])
  })

  test('stops at an end token, which is no part of the answer', async () => {
    const end = written[1]![5]!
    const [answer] = await sampler.generate([prompts[1]!], { ...greedy, endIds: [end] })
    expect(answer).toEqual({ ids: written[1]!.slice(0, written[1]!.indexOf(end)), isEnded: true })
  })

  test('draws from the stream of each prompt', async () => {
    const choice = { kind: 'sample', temperature: 1, topP: 0.9 } as const
    const draw = async (seed: number) =>
      (await sampler.generate(prompts, { ...greedy, choice, random: createRandom(seed, 'sample') })).map(
        ({ ids }) => ids,
      )
    const first = await draw(1)
    expect(await draw(1)).toEqual(first)
    expect(await draw(2)).not.toEqual(first)
    const cold = { kind: 'sample', temperature: 1, topP: 1e-9 } as const
    expect((await sampler.generate(prompts, { ...greedy, choice: cold })).map(({ ids }) => ids)).toEqual(
      written,
    )
  })

  test('refuses a prompt that leaves no place', async () => {
    await expect(sampler.generate([Array<number>(64).fill(5)], greedy)).rejects.toThrow('64 tokens')
  })

  test('the scorer of choices and constrained decoding agree, token by token', async () => {
    const choices = [
      [10, 11, 3],
      [10, 12, 13, 3],
      [10, 12, 14, 15, 3],
      [20, 3],
      [20, 21, 3],
    ]
    const tree = choiceTree(choices)
    const scorer = await openChoiceScorer({ config, weights, padId: 0, rows: 2, tree })
    const scores = await scorer.score(prompts)
    await scorer.close()
    for (const own of scores) expect(own.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 12)
    // Drawn under the constraint, the choices come as often as they score.
    const choice = { kind: 'sample', temperature: 1, topP: 1 } as const
    const many = Array.from({ length: 300 }, () => prompts[1]!)
    const options = { ...greedy, choice, endIds: [3], constraint: choiceConstraint(tree) }
    const drawn = await sampler.generate(many, options)
    for (const [number, ids] of choices.entries()) {
      const count = drawn.filter(answer => answer.ids.join() === ids.slice(0, -1).join()).length
      const score = scores[1]![number]!
      // Four standard errors of a share of 300.
      expect(Math.abs(count / 300 - score)).toBeLessThan(4 * Math.sqrt((score * (1 - score)) / 300) + 1e-3)
    }
    expect(drawn.every(({ isEnded }) => isEnded)).toBe(true)
  })
})
