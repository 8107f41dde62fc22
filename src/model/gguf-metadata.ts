import { z } from 'zod'
import { UserError } from '../error.ts'
import type { GgufFile } from './gguf.ts'

/** Reads an entry of a file's metadata, undefined where it is not there. Throws a UserError where it is of another kind. */
export function metadataValue<Value>(
  file: Pick<GgufFile, 'path' | 'metadata'>,
  key: string,
  schema: z.ZodType<Value>,
): Value | undefined {
  const value = file.metadata.get(key)
  if (value === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new UserError(
    `${file.path}: ${[key, ...issue.path].join('.')}: ${issue.message}.`,
    'The file is damaged, or of a newer form: fetch it again.',
  )
}

/** As `metadataValue`, of an entry that must be there. */
export function neededValue<Value>(
  file: Pick<GgufFile, 'path' | 'metadata'>,
  key: string,
  schema: z.ZodType<Value>,
): Value {
  const value = metadataValue(file, key, schema)
  if (value !== undefined) return value
  throw new UserError(
    `${file.path} does not say its ${key}.`,
    'Take a file that llama.cpp made of a whole model.',
  )
}
