import { expect, test } from 'vitest'
import { dateNotation, isMissing, numberNotation, parseBoolean, parseDate, parseNumber } from './notation.ts'

test('the markers of missing values are missing, None and other words are not', () => {
  for (const value of [
    null,
    '',
    '  ',
    'NA',
    'N/A',
    'n/a',
    '#N/A',
    'NaN',
    'nan',
    'null',
    'NULL',
    '?',
    ' ? ',
  ]) {
    expect([value, isMissing(value)]).toEqual([value, true])
  }
  for (const value of ['None', 'none', 'na', 'Unknown', '-', '0', 0, false, '??'])
    expect(isMissing(value)).toBe(false)
})

test.each([
  [['1', '2.5', '-3', '1e5', '.5', '5.', ' 7 '], 'plain'],
  [['1,234', '12', '1,234,567.89'], 'thousands-comma'],
  [['1,234', '1234'], 'thousands-comma'],
  [['1,5', '2'], 'decimal-comma'],
  [['1.234,5', '12'], 'decimal-comma'],
  [['0,125', '1,250'], 'decimal-comma'],
  [['00123', '45678'], undefined],
  [['+491701234567'], undefined],
  [['1234567890123456'], undefined],
  [['1,23,456'], undefined],
  [['12.5', '1,5'], undefined],
  [['12', 'x'], undefined],
  [['$5'], undefined],
  [['5%'], undefined],
  [['1 000'], undefined],
  [['Infinity'], undefined],
  [['0x10'], undefined],
])('numbers %j are written %s', (texts, notation) => {
  expect(numberNotation(texts)).toBe(notation)
})

test('numbers are read in their notation', () => {
  expect(parseNumber('1,234.5', 'thousands-comma')).toBe(1234.5)
  expect(parseNumber('-1.234,5', 'decimal-comma')).toBe(-1234.5)
  expect(parseNumber(' 1e3 ', 'plain')).toBe(1000)
  expect(parseNumber('1,5', 'plain')).toBeUndefined()
})

test.each([
  [['2020-01-31', '2020-2-1'], 'year-first'],
  [['2020/01/31'], 'year-first'],
  [['31/01/2020', '01/02/2020'], 'day-first'],
  [['01/31/2020', '02/01/2020'], 'month-first'],
  [['01.02.2020'], 'day-first'],
  [['01/02/2020', '03/04/2020'], 'ambiguous'],
  [['31/01/2020', '01/31/2020'], undefined],
  [['2020-02-30'], undefined],
  [['2021-02-29'], undefined],
  [['01/02/20'], undefined],
  [['2020-01/31'], undefined],
  [['2020'], undefined],
  [['2020-01-31', 'soon'], undefined],
])('dates %j are written %s', (texts, notation) => {
  expect(dateNotation(texts)).toBe(notation)
})

test.each([
  ['2020-1-5', 'year-first', '2020-01-05'],
  ['2020-02-29', 'year-first', '2020-02-29'],
  ['1900-02-29', 'year-first', undefined],
  ['2000-02-29', 'year-first', '2000-02-29'],
  ['5.1.2020', 'day-first', '2020-01-05'],
  ['1/5/2020', 'month-first', '2020-01-05'],
  ['2020-01-05 7:30', 'year-first', '2020-01-05T07:30:00'],
  ['2020-01-05T07:30:15.250Z', 'year-first', '2020-01-05T07:30:15.250Z'],
  ['2020-01-05 07:30:15+02:00', 'year-first', '2020-01-05T07:30:15+02:00'],
  ['2020-01-05 24:00', 'year-first', undefined],
  ['2020-01-05 noon', 'year-first', undefined],
] as const)('%s, %s, is %s', (text, notation, iso) => {
  expect(parseDate(text, notation)).toBe(iso)
})

test('truth values are read however they are written, and nothing else is', () => {
  expect(['TRUE', 'yes', 'y', 'T', 1, true].map(parseBoolean)).toEqual(Array(6).fill(true))
  expect(['False', 'no', 'N', 'f', '0', false].map(parseBoolean)).toEqual(Array(6).fill(false))
  expect(['maybe', 2, 'constructor'].map(parseBoolean)).toEqual([undefined, undefined, undefined])
})
