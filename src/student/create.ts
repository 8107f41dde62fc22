import { type DecoderStudent, decoderStudent } from './decoder.ts'
import { linearStudent } from './linear.ts'
import { type DecoderSettings, decoderOptions, type LinearSettings, type StudentSettings } from './options.ts'
import type { Student } from './student.ts'

/** The student that a project names, with its options. A decoder's base is a folder or a GGUF file. */
export function createStudent(settings: StudentSettings): Student<unknown> {
  if (settings.use === 'linear') return linearStudent({ C: settings.C })
  return createDecoder(settings) as Student<unknown>
}

/** A decoder student. */
export function createDecoder(settings: DecoderSettings): DecoderStudent {
  const { use: _use, lora: _lora, ...options } = settings
  return decoderStudent({
    ...options,
    lora: adapterOf(settings),
    threads: threadsOf(settings),
  })
}

/** The adapter of a decoder: the default one where a base is named and none is said; null where there is none. */
export function adapterOf({ base, lora }: DecoderSettings): NonNullable<DecoderSettings['lora']> | null {
  if (lora === undefined) return base === null ? null : defaultAdapter
  return lora
}

/**
 * Threads that a decoder is trained and asked with, null for a student that has none of its own. They follow from the
 * settings and not from the machine, since sums in another order come to other bytes.
 */
export function threadsOf(settings: DecoderSettings): number
export function threadsOf(settings: StudentSettings): number | null
export function threadsOf(settings: StudentSettings): number | null {
  if (settings.use === 'linear') return null
  return settings.threads ?? (settings.base === null ? 1 : 2)
}

const defaultAdapter = decoderOptions.parse({ use: 'decoder', lora: {} }).lora!

/**
 * The student that stands for another where hundreds are trained (learning curve, search, better half, choice of the
 * rival): the linear one for a decoder, else the student itself.
 */
export function proxySettings(settings: StudentSettings): LinearSettings {
  return settings.use === 'linear' ? settings : { use: 'linear', C: 20 }
}
