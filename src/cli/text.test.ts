import { expect, test } from 'vitest'
import { formatBytes } from '../data/bytes.ts'
import { formatRoughly, formatSeconds, formatTable, formatTerms, wrapText } from './text.ts'

test('lines break at spaces and keep their indent', () => {
  expect(wrapText('one two three four', 9)).toBe('one two\nthree\nfour')
  expect(wrapText('  one two three', 9)).toBe('  one two\n  three')
  expect(wrapText('one two\n\nthree', 80, '> ')).toBe('> one two\n\n> three')
})

test('what follows a dash hangs under it', () => {
  expect(wrapText('- one two three', 9)).toBe('- one two\n  three')
})

test('a word longer than the line stands alone', () => {
  expect(wrapText('a verylongword b', 6)).toBe('a\nverylongword\nb')
})

test('numbers stand right in tables, words left', () => {
  const table = formatTable(
    ['name', 'rows', 'share'],
    [
      ['a', 5, '3.0 %'],
      ['longer', 120, '97.0 %'],
    ],
  )
  expect(table).toBe('name    rows   share\na          5   3.0 %\nlonger   120  97.0 %')
})

test('meanings wrap in a column of their own', () => {
  expect(
    formatTerms(
      [
        ['a', 'one two three four five six seven'],
        ['bb', 'x'],
      ],
      26,
    ),
  ).toBe('  a   one two three four\n      five six seven\n  bb  x')
})

test.each([
  [0.42, '0.4 s'],
  [3, '3 s'],
  [59.6, '1 min 0 s'],
  [185, '3 min 5 s'],
  [7800, '2 h 10 min'],
])('%d seconds read as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

test.each([
  [0.2, '1 s'],
  [7.4, '8 s'],
  [41, '45 s'],
  [91, '2 min'],
  [3540, '59 min'],
  [4000, '1 h 10 min'],
])('about %d seconds read as %s', (seconds, text) => {
  expect(formatRoughly(seconds)).toBe(text)
})

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [9_960, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [4_200_000_000, '4.2 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
