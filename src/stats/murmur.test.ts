import { expect, test } from 'vitest'
import { avalanche, murmur3 } from './murmur.ts'

// sklearn.utils.murmurhash3_32(text, seed, positive=True), scikit-learn 1.7.2.
test.for([
  ['', 0, 0],
  ['', 1, 1364076727],
  ['a', 0, 1009084850],
  ['ab', 0, 2613040991],
  ['abc', 0, 3017643002],
  ['test', 0, 3127628307],
  ['Hello, world!', 0, 3224780355],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 799549133],
  ['äé – 卡', 7, 4172218894],
] as const)('hashes %j with seed %d as the reference does', ([text, seed, hash]) => {
  expect(murmur3(text, seed)).toBe(hash)
})

test('the finalizer parts neighbouring integers', () => {
  expect(new Set(Array.from({ length: 1000 }, (_, index) => avalanche(index))).size).toBe(1000)
})
