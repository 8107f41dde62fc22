import { expect, test } from 'vitest'
import { canonicalJson, hashOf, sha256, shortHashOf } from './hash.ts'

test('SHA-256 gives the published digest of "abc" (FIPS 180-4)', () => {
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(sha256('abc')).toBe(digest)
  expect(sha256(new Uint8Array([97, 98, 99]))).toBe(digest)
})

test('equal data have equal JSON, however their members are ordered', () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'é' })).toBe('{"a":"é","b":[{"d":1}]}')
  expect(hashOf({ a: 1, b: { c: 2, d: 3 } })).toBe(hashOf({ b: { d: 3, c: 2 }, a: 1 }))
  expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]))
  expect(hashOf({ a: null })).not.toBe(hashOf({}))
})

test('the hash of data is that of their canonical JSON', () => {
  // printf '{"a":1,"b":[true,null]}' | sha256sum
  expect(hashOf({ b: [true, null], a: 1 })).toBe(
    '1cc69c7fa23616ca2ec3ee70d24390a6225c8832db8a4c814c7e0e7f942f8668',
  )
})

test('a short hash is the beginning of the long one', () => {
  expect(shortHashOf({ b: 1, a: [2] }, 16)).toBe(hashOf({ a: [2], b: 1 }).slice(0, 16))
})
