import { expect, test } from 'vitest'
import { linear } from '../src/tensor/ops/matmul.ts'
import { compile } from '../src/tensor/compile.ts'
import { openLocalSession } from '../src/tensor/session.ts'
import { batchInputs, batchValues, causalMask } from '../src/model/decoder-batch.ts'
import { decode, headOf, plainParts } from '../src/model/decoder.ts'
import { parseDecoderConfig, type Architecture } from '../src/model/decoder-config.ts'
import { loadWeights } from '../src/model/decoder-weights.ts'
import { openSafetensors } from '../src/model/safetensors.ts'
import { readFileSync } from 'node:fs'

// The checkpoints and logits were made by transformers: test/peers/decoder.py.
const fixtures = new URL('fixtures/decoder/', import.meta.url).pathname

async function logitsOf(name: string) {
  const folder = `${fixtures}${name}`
  const config = parseDecoderConfig(JSON.parse(readFileSync(`${folder}/config.json`, 'utf8')), folder)
  const weights = await loadWeights(folder, config)
  const file = await openSafetensors(`${folder}/expected.safetensors`)
  const [ids, expected] = [await file.read('ids'), await file.read('logits')]
  await file.close()
  const [rows, time] = ids.shape as [number, number]
  const parts = plainParts(config)
  const shape = { rows, time, ownPositions: true }
  const logits = linear(decode(config, parts, batchInputs(config, shape)), headOf(config, parts))
  const session = await openLocalSession({
    programs: { forward: compile({ outputs: { logits } }) },
    state: weights,
  })
  const outputs = await session.run(
    'forward',
    batchValues(config, {
      tokens: Int32Array.from(ids.values),
      positions: Int32Array.from({ length: rows * time }, (_, place) => place % time),
      mask: causalMask(new Int32Array(rows * time).fill(1), shape),
      length: time,
    }),
  )
  await session.close()
  return { logits: outputs['logits'] as Float32Array, expected: expected.values }
}

for (const name of ['llama', 'mistral', 'qwen2', 'qwen3'] satisfies Architecture[]) {
  test(`a ${name} checkpoint gives the logits that transformers gives`, async () => {
    const { logits, expected } = await logitsOf(name)
    expect(logits.length).toBe(expected.length)
    const errors = expected.map((value, index) => Math.abs(value - logits[index]!))
    expect(Math.max(...errors)).toBeLessThan(1e-4)
    // They are no zeros: the largest is far above the tolerance.
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1)
  })
}
