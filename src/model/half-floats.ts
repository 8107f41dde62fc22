/** Floats of IEEE 754 binary16, given as their bits, widened exactly. */
export function widenHalf(bits: Uint16Array): Float32Array {
  const table = halfTable()
  const floats = new Float32Array(bits.length)
  for (let index = 0; index < bits.length; index++) floats[index] = table[bits[index]!]!
  return floats
}

/** Floats of bfloat16, the upper half of a 32-bit float, given as their bits, widened exactly. */
export function widenBrainFloat(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length)
  for (let index = 0; index < bits.length; index++) wide[index] = bits[index]! << 16
  return new Float32Array(wide.buffer)
}

/** The nearest bfloat16 of each float, as its bits; ties go to the even one. What is no number stays none. */
export function narrowToBrainFloat(floats: Float32Array): Uint16Array {
  const wide = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  const bits = new Uint16Array(floats.length)
  for (let index = 0; index < floats.length; index++) {
    const value = wide[index]!
    const rounded = Number.isNaN(floats[index]!) ? value | 0x40_00_00 : value + 0x7f_ff + ((value >>> 16) & 1)
    bits[index] = rounded >>> 16
  }
  return bits
}

/**
 * The nearest binary16 of each float, as its bits; ties go to the even one. From 65,520 on it is infinite, and what is no
 * number stays none.
 */
export function narrowToHalf(floats: Float32Array): Uint16Array {
  const wide = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  const bits = new Uint16Array(floats.length)
  for (let index = 0; index < bits.length; index++) {
    const value = wide[index]!
    const sign = (value >>> 16) & 0x80_00
    const size = value & 0x7f_ff_ff_ff
    bits[index] = sign | (size < 0x38_80_00_00 ? tinyHalf(floats[index]!) : plainHalf(size))
  }
  return bits
}

/** Below 2^-14 a half is a whole number of 2^-24. The sum has just these steps, so that it is rounded to them. */
function tinyHalf(value: number): number {
  const sum = Math.fround(Math.abs(value) + 0.5)
  return (sum - 0.5) * 2 ** 24
}

/** The bits of a positive float from 2^-14 on: another bias of the exponent, and 13 bits of the fraction less. */
function plainHalf(size: number): number {
  if (size > 0x7f_80_00_00) return 0x7e_00
  if (size >= 0x47_80_00_00) return 0x7c_00
  return (size + 0xf_ff + ((size >>> 13) & 1) - 0x38_00_00_00) >>> 13
}

let halves: Float32Array | undefined

/** Every one of the 65,536 halves: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65_536 }, (_, bits) => {
    const sign = bits & 0x80_00 ? -1 : 1
    const exponent = (bits >>> 10) & 0x1f
    const fraction = bits & 0x3_ff
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
  return halves
}

/** The decimal of fewest digits that is this 32-bit float: 1e-5 for what 64 bits show as 9.999999747378752e-6. */
export function shortestFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === Math.fround(value)) return short
  }
  return value
}
