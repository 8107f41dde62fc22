/** Typed arrays as base64 text of their little-endian bytes, so that a fitted model is small and quick JSON. */

export function pack(array: Uint8Array | Uint32Array | Int32Array | Float32Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')
}

export function unpackBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

export function unpackUnsigned(text: string): Uint32Array {
  return new Uint32Array(unpackBytes(text).buffer)
}

export function unpackSigned(text: string): Int32Array {
  return new Int32Array(unpackBytes(text).buffer)
}

export function unpackFloats(text: string): Float32Array {
  return new Float32Array(unpackBytes(text).buffer)
}
