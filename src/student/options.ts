import { z } from 'zod'

/** Settings of the linear student. */
export const linearOptions = z.strictObject({
  use: z.literal('linear').default('linear'),
  /** Inverse strength of the L2 penalty. */
  C: z.number().gt(0).default(20),
})

const adapterOptions = z.strictObject({
  rank: z.int().min(1).max(256).default(16),
  /** What the adapter adds is scaled by alpha / rank. */
  alpha: z.number().gt(0).max(1024).default(32),
  dropout: z.number().min(0).lt(1).default(0.05),
  targets: z
    .array(z.enum(['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']))
    .min(1)
    .default(['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']),
})

/** Settings of the decoder student. */
export const decoderOptions = z.strictObject({
  use: z.literal('decoder'),
  /** A folder or a GGUF file from the project file, `hf:owner/name` or `model:name`; null for a small decoder from scratch. */
  base: z.string().min(1).nullable().default(null),
  /** An adapter beside the base's weights, which is so where a base is named; null trains all weights. */
  lora: adapterOptions.nullable().optional(),
  /** Of a decoder from scratch; left out, it follows from the examples. */
  size: z
    .strictObject({ width: z.int().min(32).max(512).multipleOf(32), layers: z.int().min(1).max(12) })
    .optional(),
  /** Passes over the examples; left out, as many as make about `updates`, from 3 to 100. */
  epochs: z.int().min(1).max(1000).optional(),
  /** Left out, 100 of an adapter, else 800. */
  updates: z.int().min(1).max(100_000).optional(),
  /** After warming up; left out, 0.002 from scratch, 0.0005 for an adapter, 0.00005 for all weights of a base. */
  learningRate: z.number().gt(0).max(1).optional(),
  /** Examples of a batch, and batches of an update. */
  batch: z.int().min(1).max(1024).default(8),
  accumulate: z.int().min(1).max(1024).default(1),
  /** Several examples in a row where they fit; they do not see each other. */
  packing: z.boolean().default(false),
  /** Most tokens of an example; bounded by the model's context. */
  limit: z.int().min(16).max(131_072).default(512),
  /** Of one training, whose bytes may follow from it; left out, 1 from scratch and 2 with a base. */
  threads: z.int().min(1).max(256).optional(),
})

export type LinearSettings = z.output<typeof linearOptions>
export type DecoderSettings = z.output<typeof decoderOptions>
/** What a project says of its student. */
export type StudentSettings = LinearSettings | DecoderSettings
