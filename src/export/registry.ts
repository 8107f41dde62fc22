import { axolotlFormat } from './axolotl.ts'
import type { ExportFormat } from './format.ts'
import { llamaFactoryFormat } from './llama-factory.ts'
import { mlxFormat } from './mlx.ts'
import { openaiFormat } from './openai.ts'
import { togetherFormat } from './together.ts'
import { trlFormat } from './trl.ts'
import { unslothFormat } from './unsloth.ts'

/** Every format, in the order in which help lists them. */
export const exportFormats: readonly ExportFormat[] = [
  trlFormat,
  axolotlFormat,
  llamaFactoryFormat,
  mlxFormat,
  unslothFormat,
  openaiFormat,
  togetherFormat,
]
