import { widenBrainFloat, widenHalf } from './half-floats.ts'
import {
  halvesAt,
  fiveBitSuperBlocks,
  fourBitSuperBlocks,
  sixBitSuperBlocks,
} from './quantised-super-blocks.ts'

/** How ggml lays numbers out: blocks of `values` numbers in `bytes` bytes each. */
export interface QuantisedType {
  readonly name: string
  readonly values: number
  readonly bytes: number
  /** Writes the numbers of whole blocks into `values`. `bytes` starts at a multiple of 4. */
  dequantise(bytes: Uint8Array<ArrayBuffer>, values: Float32Array): void
}

/**
 * The types of ggml that are read, by their number in a file: those of ggml.h and ggml-common.h
 * (https://github.com/ggml-org/ggml). Scales are 16-bit floats; `_0` is scale x integer, `_1` adds a minimum, and `_K`
 * has blocks within blocks, with scales of few bits.
 */
export const quantisedTypes: ReadonlyMap<number, QuantisedType> = new Map<number, QuantisedType>([
  [0, { name: 'F32', values: 1, bytes: 4, dequantise: (bytes, values) => values.set(floatsOf(bytes)) }],
  [
    1,
    {
      name: 'F16',
      values: 1,
      bytes: 2,
      dequantise: (bytes, values) => values.set(widenHalf(halvesOf(bytes))),
    },
  ],
  [
    30,
    {
      name: 'BF16',
      values: 1,
      bytes: 2,
      dequantise: (bytes, values) => values.set(widenBrainFloat(halvesOf(bytes))),
    },
  ],
  [2, simpleBlocks({ name: 'Q4_0', bits: 4, hasMinimum: false })],
  [3, simpleBlocks({ name: 'Q4_1', bits: 4, hasMinimum: true })],
  [6, simpleBlocks({ name: 'Q5_0', bits: 5, hasMinimum: false })],
  [7, simpleBlocks({ name: 'Q5_1', bits: 5, hasMinimum: true })],
  [8, { name: 'Q8_0', values: 32, bytes: 34, dequantise: dequantiseBytes }],
  [12, { name: 'Q4_K', values: 256, bytes: 144, dequantise: fourBitSuperBlocks }],
  [13, { name: 'Q5_K', values: 256, bytes: 176, dequantise: fiveBitSuperBlocks }],
  [14, { name: 'Q6_K', values: 256, bytes: 210, dequantise: sixBitSuperBlocks }],
])

/** The types that are known by name only. */
export const otherTypes: Readonly<Record<number, string>> = {
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
}

function floatsOf(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}

function halvesOf(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}

/**
 * Blocks of 32: the scale, the minimum where there is one, the fifth bits where there are such in 4 bytes, and
 * 16 bytes with the low four bits of number i and of number i + 16. Without a minimum, the integers are centred on 0.
 */
function simpleBlocks(kind: {
  readonly name: string
  readonly bits: 4 | 5
  readonly hasMinimum: boolean
}): QuantisedType {
  const { name, bits, hasMinimum } = kind
  const highAt = hasMinimum ? 4 : 2
  const lowAt = highAt + (bits === 5 ? 4 : 0)
  const size = lowAt + 16
  const centre = hasMinimum ? 0 : 2 ** (bits - 1)
  return {
    name,
    values: 32,
    bytes: size,
    dequantise(bytes, values) {
      const scales = halvesAt(bytes, size, 0)
      const minima = hasMinimum ? halvesAt(bytes, size, 2) : null
      for (let block = 0; block < scales.length; block++) {
        const at = block * size
        const scale = scales[block]!
        // What is added to -0 must be -0, lest it become 0.
        const minimum = minima === null ? -0 : minima[block]!
        const target = block * 32
        for (let index = 0; index < 16; index++) {
          const pair = bytes[at + lowAt + index]!
          values[target + index] = scale * ((pair & 15) - centre) + minimum
          values[target + index + 16] = scale * ((pair >>> 4) - centre) + minimum
        }
        if (bits === 4) continue
        for (let index = 0; index < 32; index++) {
          const isHigh = (bytes[at + highAt + (index >>> 3)]! >>> (index & 7)) & 1
          if (isHigh === 0) continue
          const pair = bytes[at + lowAt + (index & 15)]!
          const low = index < 16 ? pair & 15 : pair >>> 4
          values[target + index] = scale * (low + 16 - centre) + minimum
        }
      }
    },
  }
}

/** Blocks of 32: the scale and 32 signed bytes. */
function dequantiseBytes(bytes: Uint8Array<ArrayBuffer>, values: Float32Array): void {
  const scales = halvesAt(bytes, 34, 0)
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let block = 0; block < scales.length; block++) {
    const scale = scales[block]!
    const at = block * 34 + 2
    const target = block * 32
    for (let index = 0; index < 32; index++) values[target + index] = scale * signed[at + index]!
  }
}
