/** In memory that threads share: a session in another thread then reads the weights without a copy of them. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4))
}
