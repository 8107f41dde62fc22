import path from 'node:path'
import { createRandom } from '../src/data/random.ts'
import { hashOf } from '../src/data/hash.ts'
import { adapterShapes, initialAdapter, type LoraOptions } from '../src/model/lora.ts'
import { openCheckpoint } from '../src/model/checkpoint.ts'
import { hashBase } from '../src/run/base-model.ts'
import { arraysCodec } from '../src/run/steps/arrays-codec.ts'
import type { TunedArm } from '../src/run/steps/tune.ts'
import { keepSettings, readSettings } from '../src/run/settings.ts'
import { findTuned, type TunedRequest } from '../src/run/tuned-model.ts'

const lora: LoraOptions = {
  rank: 16,
  alpha: 32,
  dropout: 0,
  targets: ['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj'],
}

/**
 * Puts a larger decoder in the place of the one that a run of a tiny project tuned: that base model, with an adapter of
 * small random numbers on every linear layer. What is done with tuned models can then be looked at without hours of training.
 */
export async function putLargeDecoder(request: TunedRequest, base: string): Promise<void> {
  const tuned = await findTuned(request)
  const opened = await openCheckpoint(base)
  await opened.close()
  const { config, chat } = opened
  const random = createRandom(1, 'large decoder')
  const start = initialAdapter(config, lora, random)
  const learned = Object.fromEntries(
    Array.from(adapterShapes(config, lora).keys(), name => {
      const stream = random.stream(name)
      return [name, name.includes('lora_B') ? start[name]!.map(() => stream.normal(0, 0.002)) : start[name]!]
    }),
  )
  const model = { ...tuned.model, lora, config, chat, learned }
  const arm: TunedArm = {
    arm: { name: tuned.arm, classWeights: 'none', description: '' } as TunedArm['arm'],
    models: { [tuned.model.task.name]: model },
    counts: { [tuned.model.task.name]: tuned.counts },
  }
  await arraysCodec().write(tuned.folder, arm)
  const settings = readSettings(request.run.folder)!
  const { project } = settings
  await keepSettings(request.run.folder, {
    ...settings,
    project: { ...project, student: { ...tuned.settings, base: path.resolve(base) } },
    base: {
      hash: hashOf(await hashBase(path.resolve(base), { folder: request.project, keep: false })),
      commit: null,
    },
  })
}
