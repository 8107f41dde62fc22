import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../data/file.ts'
import { UserError } from '../error.ts'
import { showShape } from '../tensor/shape.ts'
import type { DecoderConfig } from './decoder-config.ts'
import type { Weights } from './decoder-weights.ts'
import { adapterShapes, type LoraOptions } from './lora.ts'
import { openSafetensors, writeSafetensors } from './safetensors.ts'

const adapterSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().min(1),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).max(1).default(0),
  target_modules: z.array(z.string()).min(1),
  use_dora: z.literal(false).default(false),
  use_rslora: z.literal(false).default(false),
  bias: z.literal('none').default('none'),
  modules_to_save: z.null().default(null),
})

/** Reads adapter_config.json and adapter_model.safetensors as peft writes them. Throws a UserError where it cannot. */
export async function readAdapter(
  folder: string,
  config: DecoderConfig,
): Promise<{ readonly options: LoraOptions; readonly adapter: Weights }> {
  const path = join(folder, 'adapter_config.json')
  if (!existsSync(path))
    throw new UserError(`${folder} has no adapter_config.json.`, 'Give a folder that peft saved.')
  const parsed = adapterSchema.safeParse(JSON.parse(await readFile(path, 'utf8')))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UserError(
      `${path}: ${issue.path.join('.')}: ${issue.message}.`,
      'Only plain LoRA adapters can be read.',
    )
  }
  const { r: rank, lora_alpha: alpha, lora_dropout: share, target_modules: targets } = parsed.data
  const options = { rank, alpha, dropout: share, targets: targets.toSorted() }
  const file = await openSafetensors(join(folder, 'adapter_model.safetensors'))
  try {
    const adapter: Record<string, Float32Array> = {}
    for (const [name, shape] of adapterShapes(config, options)) {
      const tensor = await file.read(name)
      if (showShape(tensor.shape) !== showShape(shape)) {
        throw new UserError(
          `${name} in ${file.path} has the shape ${showShape(tensor.shape)}, and the base model makes it ${showShape(shape)}.`,
          'The adapter belongs to another base model.',
        )
      }
      adapter[name] = tensor.values
    }
    return { options, adapter }
  } finally {
    await file.close()
  }
}

/** Writes an adapter as peft reads it. `base` is the name or folder of the base model. */
export async function writeAdapter(
  folder: string,
  config: DecoderConfig,
  saved: { readonly options: LoraOptions; readonly adapter: Weights; readonly base: string },
): Promise<void> {
  const { options, adapter, base } = saved
  const content = adapterConfig(options, base)
  await writeFileAtomic(join(folder, 'adapter_config.json'), `${JSON.stringify(content, null, 2)}\n`)
  const tensors = Array.from(
    adapterShapes(config, options),
    ([name, shape]) => [name, { shape, values: adapter[name]! }] as const,
  )
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), new Map(tensors))
}

/** The content of an adapter_config.json; `base` is what the base model is called, or where it lies. */
export function adapterConfig(options: LoraOptions, base: string): Readonly<Record<string, unknown>> {
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: options.rank,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    target_modules: options.targets,
    bias: 'none',
    inference_mode: true,
  }
}
