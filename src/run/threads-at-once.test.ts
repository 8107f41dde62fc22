import { expect, test } from 'vitest'
import { threadsAtOnce } from './threads-at-once.ts'
import type { PlannedStep } from './plan.ts'

const step = (threads: number | null, bytes: number): PlannedStep => ({
  name: 'tune:real@0',
  kind: 'tune',
  subject: 'real',
  replicate: 0,
  needs: [],
  options: {},
  local: false,
  key: '0',
  seconds: 1,
  threads,
  bytes,
})

const of = (memory: number, ...steps: PlannedStep[]): number => threadsAtOnce({ steps }, { cores: 8, memory })

test('there are as many threads as cores, and fewer where the memory has no room for so many trainings', () => {
  expect(of(100, step(null, 0))).toBe(8)
  expect(of(100, step(1, 10))).toBe(8)
  // 0.8 x 50 / 10 = 4 trainings of one thread, or of two.
  expect(of(50, step(1, 10), step(null, 0))).toBe(4)
  expect(of(50, step(2, 10))).toBe(8)
  expect(of(25, step(2, 10))).toBe(4)
  expect(of(5, step(2, 10))).toBe(1)
})
