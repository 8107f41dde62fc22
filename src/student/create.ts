import { isAbsolute, join } from 'node:path'
import { decoderStudent } from './decoder.ts'
import { linearStudent } from './linear.ts'
import { type DecoderSettings, decoderOptions, type LinearSettings, type StudentSettings } from './options.ts'
import type { Student } from './student.ts'

/** The student that a project names, with its options. A decoder's base is meant from `folder`. */
export function createStudent(settings: StudentSettings, folder = '.'): Student<unknown> {
  if (settings.use === 'linear') return linearStudent({ C: settings.C })
  const { use: _use, base, lora: _lora, ...options } = settings
  return decoderStudent({
    ...options,
    base: base === null ? null : baseFolder(base, folder),
    lora: adapterOf(settings),
  }) as Student<unknown>
}

/** Where the base model lies that a project in `folder` names. */
function baseFolder(base: string, folder: string): string {
  return isAbsolute(base) ? base : join(folder, base)
}

/** The adapter of a decoder: the default one where a base is named and none is said; null where there is none. */
export function adapterOf({ base, lora }: DecoderSettings): NonNullable<DecoderSettings['lora']> | null {
  if (lora === undefined) return base === null ? null : defaultAdapter
  return lora
}

const defaultAdapter = decoderOptions.parse({ use: 'decoder', lora: {} }).lora!

/**
 * The student that stands for another where hundreds are trained (learning curve, search, better half, choice of the
 * rival): the linear one for a decoder, else the student itself.
 */
export function proxySettings(settings: StudentSettings): LinearSettings {
  return settings.use === 'linear' ? settings : { use: 'linear', C: 20 }
}
