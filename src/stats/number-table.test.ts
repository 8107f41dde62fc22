import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { hash53 } from './murmur.ts'
import { createNumberTable } from './number-table.ts'

test('holds what a Map holds, as it grows', () => {
  const random = createRandom(1, 'table')
  const table = createNumberTable()
  const map = new Map<number, number>()
  for (let step = 0; step < 20_000; step++) {
    const key = random.integer(0, 8_000) * 0x100000
    const value = random.integer(0, 0xffffffff)
    table.set(key, value)
    map.set(key, value)
  }
  for (let key = 0; key <= 8_000; key++) expect(table.get(key * 0x100000)).toBe(map.get(key * 0x100000))
})

test('the greatest keys are told apart', () => {
  const table = createNumberTable()
  table.set(Number.MAX_SAFE_INTEGER, 1)
  table.set(Number.MAX_SAFE_INTEGER - 1, 2)
  table.set(0, 3)
  expect([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, 0, 1].map(key => table.get(key))).toEqual([
    1,
    2,
    3,
    undefined,
  ])
})

test('texts that differ in a character have different hashes, spread over the range', () => {
  const hashes = Array.from({ length: 200_000 }, (_, number) => hash53(`row ${number}`))
  expect(new Set(hashes).size).toBe(hashes.length)
  const octaves = [0, 0, 0, 0, 0, 0, 0, 0]
  for (const hash of hashes) octaves[Math.floor(hash / 2 ** 50)]!++
  // 25,000 each; six standard deviations are 890.
  for (const count of octaves) expect(Math.abs(count - 25_000)).toBeLessThan(890)
  expect(hashes.every(hash => Number.isSafeInteger(hash) && hash >= 0)).toBe(true)
})
