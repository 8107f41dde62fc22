const encoder = new TextEncoder()

/**
 * MurmurHash3 x86 32-bit (Appleby 2011) of a text's UTF-8 bytes: an unsigned 32-bit integer. Not cryptographic: for
 * tables and sketches.
 */
export function murmur3(text: string, seed = 0): number {
  const bytes = encoder.encode(text)
  const blocksEnd = bytes.length & ~3
  let hash = seed | 0
  for (let at = 0; at < blocksEnd; at += 4) {
    const block = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash ^= scramble(block)
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let at = bytes.length - 1; at >= blocksEnd; at--) tail = (tail << 8) | bytes[at]!
  return avalanche(hash ^ scramble(tail) ^ bytes.length)
}

/** MurmurHash3's finalizer: a bijection of the 32-bit integers in which every input bit moves every output bit. */
export function avalanche(value: number): number {
  let hash = value
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * A 53-bit hash of a text's UTF-16 code units, as a whole number that a double holds: two lanes of multiply and shift, as in
 * MurmurHash2, each finished by `avalanche`. Any two of a million texts share one with a probability of 1 in 18,000.
 */
export function hash53(text: string): number {
  let high = 0x2f0b4a27
  let low = text.length
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place)
    high = Math.imul(high ^ code, 0x5bd1e995)
    high ^= high >>> 15
    low = Math.imul(low ^ code, 0x1b873593)
    low ^= low >>> 13
  }
  return avalanche(high) * 0x200000 + (avalanche(low ^ high) >>> 11)
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
}
