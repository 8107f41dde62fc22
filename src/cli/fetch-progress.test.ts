import { expect, test } from 'vitest'
import { formatFetch } from './fetch-progress.ts'

test.each([
  [{ done: 0, total: 270e6, rate: Number.NaN }, '0 bytes of 270 MB · 0 %'],
  [{ done: 120e6, total: 270e6, rate: 12e6 }, '120 MB of 270 MB · 44 % · 12 MB/s · about 15 s left'],
  [{ done: 270e6, total: 270e6, rate: 12e6 }, '270 MB of 270 MB · 100 %'],
])('%j is shown in a line', (state, line) => {
  expect(formatFetch(state)).toBe(line)
})
