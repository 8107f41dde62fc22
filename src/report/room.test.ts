import { expect, test } from 'vitest'
import { roomFor } from './room.ts'

test.each([
  ['macro-f1', 0.6, 0.4, 'both'],
  ['macro-f1', 0.97, 0.05, 'worse'],
  ['macro-f1', 0.03, 0.5, 'both'],
  ['accuracy', 0.6, 0.61, 'none'],
  ['accuracy', 0.5, 1.359, 'none'],
  ['mean-absolute-error', 3, 12, 'both'],
])('%s: beside a score of %d a difference of %d has room: %s', (metric, score, smallest, room) => {
  expect(roomFor(metric, score, smallest)).toBe(room)
})
