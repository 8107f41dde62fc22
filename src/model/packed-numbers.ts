/** Numbers as the base64 text of their bytes, in the machine's order: little-endian wherever Node runs but on s390x. */
export function packNumbers(numbers: Float32Array | Uint32Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64')
}

/** The 32-bit floats of a text made by packNumbers. */
export function unpackFloats(packed: string): Float32Array {
  return new Float32Array(bytesOf(packed))
}

/** The unsigned 32-bit integers of a text made by packNumbers. */
export function unpackIntegers(packed: string): Uint32Array {
  return new Uint32Array(bytesOf(packed))
}

/** In a buffer of their own: Node's pool does not align them. */
function bytesOf(packed: string): ArrayBuffer {
  const bytes = Buffer.from(packed, 'base64')
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
