import { avalanche } from './murmur.ts'
import { words } from './ngrams.ts'

let buffer = new Uint32Array(256)

/**
 * A 32-bit hash of each word of a text, as `words` parts it, in a buffer that the next call overwrites. Text of ASCII
 * characters, which normalisation leaves as it is but for capitals, is read in one pass.
 */
export function wordHashes(text: string): Uint32Array {
  let count = 0
  let hash = SEED
  let inside = false
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place)
    if (code > 127) return hashesOf(words(text))
    const folded = folding[code]!
    if (folded !== 0) {
      hash = mix(hash, folded)
      inside = true
    } else if (inside) {
      push(count++, avalanche(hash))
      hash = SEED
      inside = false
    }
  }
  if (inside) push(count++, avalanche(hash))
  return buffer.subarray(0, count)
}

const SEED = 0x2f0b4a27

/** For each ASCII character its lower-case code where it is part of a word, 0 where not. */
const folding = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return /\w/.test(character) ? character.toLowerCase().charCodeAt(0) : 0
})

function hashesOf(list: readonly string[]): Uint32Array {
  for (const [index, word] of list.entries()) {
    let hash = SEED
    for (let place = 0; place < word.length; place++) hash = mix(hash, word.charCodeAt(place))
    push(index, avalanche(hash))
  }
  return buffer.subarray(0, list.length)
}

/** A bijection of the hash for each code, so that words part where their characters do. */
function mix(hash: number, code: number): number {
  const product = Math.imul(hash ^ code, 0x5bd1e995)
  return product ^ (product >>> 15)
}

function push(place: number, hash: number): void {
  if (place === buffer.length) {
    const longer = new Uint32Array(buffer.length * 2)
    longer.set(buffer)
    buffer = longer
  }
  buffer[place] = hash
}
