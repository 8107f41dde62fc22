import { expect, test } from 'vitest'
import { contentOf } from './content.ts'

test('a row says its values in column order, without missing ones', () => {
  expect(contentOf({ size: 'Large', speed: 300, hurt: false, note: null, zero: 0 })).toBe('Large 300 false 0')
  expect(contentOf({ a: null })).toBe('')
})
