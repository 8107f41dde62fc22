import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseDecoderConfig } from '../src/model/decoder-config.ts'
import { decoderLoss, lossFeeds } from '../src/model/decoder-loss.ts'
import { loadWeights } from '../src/model/decoder-weights.ts'
import { plainParts } from '../src/model/decoder.ts'
import { readAdapter } from '../src/model/adapter-folder.ts'
import { ADAPTER, adaptedParts, packAdapter, unpackAdapter } from '../src/model/lora.ts'
import { openSafetensors } from '../src/model/safetensors.ts'
import type { TrainingBatch } from '../src/model/training-batches.ts'
import { openLocalSession } from '../src/tensor/session.ts'
import { compileTrainStep, initialTrainState } from '../src/tensor/train-step.ts'
import { createTrainer, trainPrograms } from '../src/tensor/trainer.ts'

// The adapters, batches and losses were made by peft and PyTorch: test/peers/decoder.py.
const fixtures = 'test/fixtures/decoder'

async function tensorsOf(path: string): Promise<ReadonlyMap<string, Float32Array>> {
  const file = await openSafetensors(path)
  const tensors = new Map<string, Float32Array>()
  for (const name of file.entries.keys()) tensors.set(name, (await file.read(name)).values)
  await file.close()
  return tensors
}

test('twenty steps of LoRA give the losses and the adapter that peft and PyTorch give', async () => {
  const config = parseDecoderConfig(
    JSON.parse(readFileSync(`${fixtures}/llama/config.json`, 'utf8')),
    'llama',
  )
  const weights = await loadWeights(`${fixtures}/llama`, config)
  const { options, adapter: expected } = await readAdapter(`${fixtures}/lora`, config)
  const before = await tensorsOf(`${fixtures}/lora/before.safetensors`)
  const batches = await tensorsOf(`${fixtures}/lora/batches.safetensors`)

  const { parts, learned: sought } = adaptedParts(config, options, {
    parts: plainParts(config),
    training: true,
  })
  const sizes = { rows: 2, time: 16, targets: 32, packing: false }
  const step = compileTrainStep({
    loss: decoderLoss(config, parts, sizes),
    ...sought,
    optimizer: { weightDecay: 0.01 },
  })
  const session = await openLocalSession({
    programs: trainPrograms('train', step),
    state: {
      ...weights,
      [ADAPTER]: packAdapter(config, options, Object.fromEntries(before)),
      ...initialTrainState(step, sought.parameters),
    },
  })
  const trainer = createTrainer({ session, steps: { train: step }, schedule: () => 1e-2 })
  const losses: number[] = []
  for (let number = 0; number < 20; number++) {
    const rows = [0, 1].map(row => {
      const start = (number * 2 + row) * 16
      const learnedFrom = batches.get('learned_from')![number * 2 + row]!
      const learned = Uint8Array.from({ length: 16 }, (_, place) => Number(place >= learnedFrom))
      return [{ id: '', ids: [...batches.get('ids')!.subarray(start, start + 16)], learned, weight: 1 }]
    })
    const batch: TrainingBatch = { time: 16, rows }
    const total = rows.flat().reduce((sum, { learned }) => sum + learned.reduce((a, b) => a + b, 0), 0)
    losses.push(
      (
        await trainer.step('train', [
          lossFeeds({ config, padId: 0 }, batch, { targets: 32, total, packing: false }),
        ])
      ).loss,
    )
  }
  for (const [number, loss] of batches.get('losses')!.entries()) expect(losses[number]).toBeCloseTo(loss, 4)
  const { [ADAPTER]: vector } = await session.read([ADAPTER])
  const learned = unpackAdapter(config, options, vector as Float32Array)
  await session.close()
  const errors = Object.entries(expected).flatMap(([name, values]) =>
    Array.from(values, (value, index) => Math.abs(value - learned[name]![index]!)),
  )
  expect(Math.max(...errors)).toBeLessThan(1e-4)
  const moved = Object.entries(expected).flatMap(([name, values]) =>
    Array.from(values, (value, index) => Math.abs(value - before.get(name)![index]!)),
  )
  expect(Math.max(...moved)).toBeGreaterThan(0.1)
})
