import { UserError } from '../error.ts'
import { narrowToBrainFloat, narrowToHalf } from './half-floats.ts'
import { quantiseBytes } from './quantise-bytes.ts'

/** How numbers are written: in 32 or 16 bits, or in blocks of 32 bytes with a scale (`Q8_0` of ggml). */
export type NumberForm = 'F32' | 'F16' | 'BF16' | 'Q8_0'

/** Bytes of so many numbers; of `Q8_0` a multiple of 32. */
export function bytesIn(form: NumberForm, count: number): number {
  return form === 'F32' ? count * 4 : form === 'Q8_0' ? (count / 32) * 34 : count * 2
}

/**
 * The bytes of a tensor called `name`, little-endian; `F32` are those given, not a copy. Throws a UserError for what 16
 * bits cannot hold and for what is no number.
 */
export function narrowTensor(form: NumberForm, name: string, values: Float32Array): Uint8Array {
  assertHeld(form, name, values)
  if (form === 'Q8_0') return quantiseBytes(values)
  const narrow = form === 'F32' ? values : form === 'F16' ? narrowToHalf(values) : narrowToBrainFloat(values)
  return new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength)
}

/** The largest 32-bit float that rounds to a finite one of 16 bits is just below it. */
const HALF_LIMIT = 65_520

function assertHeld(form: NumberForm, name: string, values: Float32Array): void {
  // In Q8_0 a scale is a half float: the largest number of its block divided by 127.
  const limit = form === 'F16' ? HALF_LIMIT : form === 'Q8_0' ? HALF_LIMIT * 127 : Infinity
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (Math.abs(value) < limit) continue
    throw new UserError(
      `${name} holds ${value}, which ${form} cannot hold.`,
      Number.isFinite(value)
        ? 'Take --dtype f32 or bf16 of a merged model.'
        : 'The training went wrong: look at its losses in the report.',
    )
  }
}
