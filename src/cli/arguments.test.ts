import { expect, test } from 'vitest'
import { checkArguments, readSeed } from './arguments.ts'
import { runCommand } from './run.ts'
import { tryCommand } from './try.ts'

test('every value is tied to its flag, whatever the order', () => {
  expect(checkArguments(tryCommand, ['--label', 'damage', 'a.csv', '-l=size', '--json'])).toEqual([
    '--label=damage',
    '--label=size',
    '--json',
    '--',
    'a.csv',
  ])
})

test('--save may stand alone, with a folder, or before the file', () => {
  expect(checkArguments(tryCommand, ['a.csv', '--save'])).toEqual(['--save=', '--', 'a.csv'])
  expect(checkArguments(tryCommand, ['a.csv', '--save', '--json'])).toEqual([
    '--save=',
    '--json',
    '--',
    'a.csv',
  ])
  expect(checkArguments(tryCommand, ['a.csv', '--save', 'here'])).toEqual(['--save=here', '--', 'a.csv'])
  expect(checkArguments(tryCommand, ['--save', 'a.csv'])).toEqual(['--save=', '--', 'a.csv'])
})

test('what follows -- is never a flag', () => {
  expect(checkArguments(tryCommand, ['--', '--odd.csv'])).toEqual(['--', '--odd.csv'])
})

test.each([
  { raw: ['--sead', '3'], says: '--sead is not a flag of `tilth run`. Did you mean "--seed"?' },
  { raw: ['--seed'], says: '--seed needs a value: --seed <number>.' },
  { raw: ['--seed', '--json'], says: '--seed needs a value: --seed <number>.' },
  { raw: ['--json=yes'], says: '--json takes no value.' },
  { raw: ['this'], says: '`tilth run` cannot use "this".' },
])('run $raw is refused', ({ raw, says }) => {
  expect(() => checkArguments(runCommand, raw)).toThrow(says)
})

test.each([
  { raw: [], says: '`tilth try` needs a data file' },
  {
    raw: ['a.csv', '--format', 'cvs'],
    says: '--format is "cvs"; it should be csv, tsv, jsonl, parquet or xlsx. Did you mean "csv"?',
  },
])('try $raw is refused', ({ raw, says }) => {
  expect(() => checkArguments(tryCommand, raw)).toThrow(says)
})

test('a seed is a whole number from 0', () => {
  expect(readSeed('12')).toBe(12)
  expect(readSeed(undefined)).toBeUndefined()
  for (const wrong of ['-1', '1.5', 'one', '', '99999999999999999999']) {
    expect(() => readSeed(wrong)).toThrow('whole number from 0')
  }
})
