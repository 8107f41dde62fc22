import { narrowToHalf } from './half-floats.ts'

/**
 * Numbers as `Q8_0` of ggml: of each 32 the scale, their largest magnitude divided by 127, as a 16-bit float, and 32
 * signed bytes, rounded with the scale before it was (quantize_row_q8_0_ref in ggml-quants.c). Their count is a multiple
 * of 32.
 */
export function quantiseBytes(values: Float32Array): Uint8Array {
  const blocks = values.length / 32
  const bytes = new Uint8Array(blocks * 34)
  const scales = new Float32Array(blocks)
  for (let block = 0; block < blocks; block++) {
    const start = block * 32
    let largest = 0
    for (let index = start; index < start + 32; index++) largest = Math.max(largest, Math.abs(values[index]!))
    const scale = Math.fround(largest / 127)
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale)
    scales[block] = scale
    for (let index = 0; index < 32; index++) {
      bytes[block * 34 + 2 + index] = roundAway(Math.fround(values[start + index]! * inverse))
    }
  }
  const halves = narrowToHalf(scales)
  for (let block = 0; block < blocks; block++) {
    bytes[block * 34] = halves[block]! & 255
    bytes[block * 34 + 1] = halves[block]! >>> 8
  }
  return bytes
}

/** Halves away from zero, as C rounds them. */
function roundAway(value: number): number {
  return value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5)
}
