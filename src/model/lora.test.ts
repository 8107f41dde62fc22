import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { compile } from '../tensor/compile.ts'
import { openLocalSession, type NamedValues } from '../tensor/session.ts'
import { batchInputs, batchValues, causalMask } from './decoder-batch.ts'
import { parseDecoderConfig } from './decoder-config.ts'
import { loadWeights } from './decoder-weights.ts'
import { decode, plainParts, type DecoderParts } from './decoder.ts'
import { readAdapter, writeAdapter } from './adapter-folder.ts'
import {
  ADAPTER,
  adaptedParts,
  adapterShapes,
  initialAdapter,
  keptNumbers,
  mergeAdapter,
  packAdapter,
} from './lora.ts'

const fixtures = 'test/fixtures/decoder'
const config = parseDecoderConfig(JSON.parse(readFileSync(`${fixtures}/llama/config.json`, 'utf8')), 'llama')
const weights = await loadWeights(`${fixtures}/llama`, config)
const scratch = mkdtempSync(join(tmpdir(), 'tilth-lora-'))
afterAll(() => rmSync(scratch, { recursive: true }))

async function statesOf(parts: DecoderParts, state: NamedValues): Promise<Float32Array> {
  const shape = { rows: 1, time: 8, ownPositions: true }
  const states = decode(config, parts, batchInputs(config, shape))
  const session = await openLocalSession({ programs: { forward: compile({ outputs: { states } }) }, state })
  const places = Int32Array.from({ length: 8 }, (_, place) => place)
  const batch = { tokens: places.map(place => 20 + place), positions: places, length: 8 }
  const mask = causalMask(new Int32Array(8).fill(1), shape)
  const outputs = await session.run('forward', batchValues(config, { ...batch, mask }))
  await session.close()
  return outputs['states'] as Float32Array
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)))
}

test('merged weights compute what the adapter beside them computes', async () => {
  const { options, adapter } = await readAdapter(`${fixtures}/lora`, config)
  const { parts } = adaptedParts(config, options, { parts: plainParts(config), training: false })
  const beside = await statesOf(parts, { ...weights, [ADAPTER]: packAdapter(config, options, adapter) })
  const merged = await statesOf(plainParts(config), mergeAdapter(config, options, { weights, adapter }))
  const plain = await statesOf(plainParts(config), weights)
  expect(distance(beside, merged)).toBeLessThan(1e-5)
  expect(distance(beside, plain)).toBeGreaterThan(0.1)
})

test('begins as peft does, and changes nothing then', async () => {
  const options = { rank: 4, alpha: 8, dropout: 0, targets: ['q_proj', 'down_proj'] }
  const adapter = initialAdapter(config, options, createRandom(1, 'adapter'))
  const a = adapter['base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight']!
  // Uniform in ±1/√32: its standard deviation is 1/√96.
  expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(32))
  const deviation = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0) / a.length)
  expect(deviation).toBeGreaterThan(0.085)
  expect(deviation).toBeLessThan(0.12)
  expect(mergeAdapter(config, options, { weights, adapter })).toEqual(weights)
})

test('reads what peft saved, and again what it writes', async () => {
  const { options, adapter } = await readAdapter(`${fixtures}/lora`, config)
  expect(options).toEqual({ rank: 4, alpha: 8, dropout: 0, targets: ['down_proj', 'q_proj', 'v_proj'] })
  expect(adapterShapes(config, options).size).toBe(12)
  await writeAdapter(scratch, config, { options, adapter, base: 'llama' })
  expect(await readAdapter(scratch, config)).toEqual({ options, adapter })
})

test('names targets that are no linear layers, and adapters of other kinds or models', async () => {
  const options = { rank: 1, alpha: 1, dropout: 0, targets: ['q_prj'] }
  expect(() => adapterShapes(config, options)).toThrow('no linear layer called q_prj')
  expect(() => adapterShapes(config, { ...options, targets: [] })).toThrow('needs target modules')
  const { adapter, options: saved } = await readAdapter(`${fixtures}/lora`, config)
  await writeAdapter(scratch, config, { options: saved, adapter, base: 'llama' })
  const file = join(scratch, 'adapter_config.json')
  const content = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...content, use_dora: true }))
  await expect(readAdapter(scratch, config)).rejects.toThrow('use_dora')
  writeFileSync(file, JSON.stringify({ ...content, r: 8 }))
  await expect(readAdapter(scratch, config)).rejects.toThrow(
    'has the shape [4, 32], and the base model makes it [8, 32]',
  )
  await expect(readAdapter(join(scratch, 'none'), config)).rejects.toThrow('no adapter_config.json')
})

test('what dropout leaves is drawn by gaps that are as likely as single draws', () => {
  const [count, rate] = [200_000, 0.1]
  const kept = keptNumbers(count, rate, createRandom(1, 'dropout'))
  const places = [...kept.keys()].filter(place => kept[place] === 0)
  // Binomial: mean 20,000, deviation √(200,000 · 0.1 · 0.9) = 134.
  expect(Math.abs(places.length - 20_000)).toBeLessThan(4 * 134)
  // Neighbours are both dropped with probability 0.1²: mean 2,000, deviation about √2,000.
  const pairs = places.filter((place, index) => places[index + 1] === place + 1).length
  expect(Math.abs(pairs - 2000)).toBeLessThan(4 * 45)
  const begins = Array.from({ length: 2000 }, (_, seed) => keptNumbers(3, rate, createRandom(seed, 'first')))
  for (const place of [0, 1, 2]) {
    const share = begins.filter(drawn => drawn[place] === 0).length / begins.length
    expect(Math.abs(share - rate)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / 2000))
  }
})
