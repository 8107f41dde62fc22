import { widenHalf } from './half-floats.ts'

// The "k-quants" of llama.cpp (https://github.com/ggml-org/llama.cpp/pull/1684): blocks of 256 numbers, in parts with
// scales of their own, which are integers times one 16-bit float of the whole block.

const VALUES = 256

/** 4 bits a number: 16 bytes of scales, then two numbers in each of 128 bytes. */
export function fourBitSuperBlocks(bytes: Uint8Array<ArrayBuffer>, values: Float32Array): void {
  scaledBlocks(bytes, values, { size: 144, highAt: null, lowAt: 16 })
}

/** As with four bits, with the fifth bits in the 32 bytes between: bit p of byte i belongs to number i of part p. */
export function fiveBitSuperBlocks(bytes: Uint8Array<ArrayBuffer>, values: Float32Array): void {
  scaledBlocks(bytes, values, { size: 176, highAt: 16, lowAt: 48 })
}

/** Eight parts of 32: scale x integer - minimum. Two parts share 32 bytes, the first has their lower halves. */
function scaledBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  values: Float32Array,
  { size, highAt, lowAt }: { readonly size: number; readonly highAt: number | null; readonly lowAt: number },
): void {
  const count = bytes.length / size
  const [scales, minima] = [halvesAt(bytes, size, 0), halvesAt(bytes, size, 2)]
  for (let block = 0; block < count; block++) {
    const at = block * size
    for (let part = 0; part < 8; part++) {
      const scale = scales[block]! * sixBits(bytes, at + 4, part, 'scale')
      const minimum = minima[block]! * sixBits(bytes, at + 4, part, 'minimum')
      const shift = (part % 2) * 4
      const low = at + lowAt + (part >>> 1) * 32
      const target = block * VALUES + part * 32
      for (let index = 0; index < 32; index++) {
        const high = highAt === null ? 0 : ((bytes[at + highAt + index]! >>> part) & 1) << 4
        const integer = ((bytes[low + index]! >>> shift) & 15) | high
        values[target + index] = scale * integer - minimum
      }
    }
  }
}

/**
 * Eight scales and eight minima of six bits in 12 bytes: the first four of each are the low bits of bytes 0-3 and 4-7.
 * Of the others, bytes 8-11 have the low four bits (a scale's in the lower half, a minimum's in the upper), and the top
 * bits of bytes 0-3 and 4-7 are the high two.
 */
function sixBits(bytes: Uint8Array, start: number, part: number, which: 'scale' | 'minimum'): number {
  const own = start + (which === 'scale' ? 0 : 4)
  if (part < 4) return bytes[own + part]! & 63
  const shared = bytes[start + 4 + part]!
  const low = which === 'scale' ? shared & 15 : shared >>> 4
  return low | ((bytes[own + part - 4]! >>> 6) << 4)
}

/** Sixteen parts of 16: scale x (integer - 32). 128 bytes of low four bits, 64 of high two, 16 of signed scales. */
export function sixBitSuperBlocks(bytes: Uint8Array<ArrayBuffer>, values: Float32Array): void {
  const size = 210
  const count = bytes.length / size
  const scales = halvesAt(bytes, size, 208)
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let block = 0; block < count; block++) {
    const at = block * size
    for (let part = 0; part < 16; part++) {
      const scale = scales[block]! * signed[at + 192 + part]!
      // Each half of the block is four runs of 32 numbers: their low bits lie in two rows of 32 bytes, lower halves first.
      const [half, run, start] = [part >>> 3, (part >>> 1) & 3, (part & 1) * 16]
      const low = at + half * 64 + (run & 1) * 32 + start
      const high = at + 128 + half * 32 + start
      for (let index = 0; index < 16; index++) {
        const integer =
          ((bytes[low + index]! >>> ((run >>> 1) * 4)) & 15) |
          (((bytes[high + index]! >>> (run * 2)) & 3) << 4)
        values[block * VALUES + part * 16 + index] = scale * (integer - 32)
      }
    }
  }
}

/** The 16-bit float at this place of every block of so many bytes. */
export function halvesAt(bytes: Uint8Array<ArrayBuffer>, size: number, place: number): Float32Array {
  const bits = new Uint16Array(bytes.length / size)
  for (let block = 0, at = place; block < bits.length; block++, at += size) {
    bits[block] = bytes[at]! | (bytes[at + 1]! << 8)
  }
  return widenHalf(bits)
}
