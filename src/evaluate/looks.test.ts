import { expect, test } from 'vitest'
import { recordLook } from './looks.ts'

test('each new evaluation is one more look', () => {
  const first = recordLook([], 'a')
  const second = recordLook(first.looks, 'b')
  expect([first.number, second.number]).toEqual([1, 2])
  expect(second.looks).toEqual([
    { number: 1, evaluationKey: 'a' },
    { number: 2, evaluationKey: 'b' },
  ])
})

test('a resumed or repeated evaluation keeps its number', () => {
  const { looks } = recordLook(recordLook([], 'a').looks, 'b')
  expect(recordLook(looks, 'a')).toEqual({ looks, number: 1 })
})
