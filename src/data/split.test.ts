import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sharedData } from '../../test/scratch-folder.ts'
import { createRandom } from './random.ts'
import { readSource } from './read.ts'
import type { TracedRow, Value } from './row.ts'
import { type RowSplit, splitRows } from './split.ts'

const trace = (values: readonly Value[], group = (index: number): string => `s:${index}`): TracedRow[] =>
  values.map((label, index) => ({
    id: `s:${index}`,
    group: group(index),
    row: { label },
    origin: { kind: 'real', source: 's', number: index + 1, use: 'train', share: 'anyone' },
  }))

const random = (seed = 1) => createRandom(seed, 'split')
const sizes = ({ train, dev, test: sealed }: RowSplit): number[] => [train.length, dev.length, sealed.length]
const count = (rows: readonly TracedRow[], value: Value, column = 'label'): number =>
  rows.filter(({ row }) => row[column] === value).length

test('every row is in one part, in the order it came in', () => {
  const rows = trace(Array.from({ length: 100 }, (_, index) => index % 3))
  const split = splitRows(rows, { test: 0.3, dev: 0.1, stratify: 'label', random: random() })
  const order = (part: readonly TracedRow[]): number[] => part.map(row => rows.indexOf(row))
  const all = [split.train, split.dev, split.test].map(order)
  expect(all.flat().toSorted((a, b) => a - b)).toEqual(rows.map((_, index) => index))
  for (const part of all) expect(part).toEqual(part.toSorted((a, b) => a - b))
})

test('the parts have the sizes asked for', () => {
  const rows = trace(Array.from({ length: 1000 }, () => 'x'))
  expect(sizes(splitRows(rows, { test: 0.3, dev: 0.1, random: random() }))).toEqual([600, 100, 300])
})

test('each value keeps its share to within one row, and the totals come out right', () => {
  const labels = Array.from({ length: 77 }, (_, label) =>
    Array.from({ length: 5 + (label % 9) }, () => `l${label}`),
  ).flat()
  const rows = trace(labels)
  const split = splitRows(rows, { test: 0.3, dev: 0.1, stratify: 'label', random: random() })
  for (const label of new Set(labels)) {
    const all = count(rows, label)
    expect(Math.abs(count(split.test, label) - 0.3 * all)).toBeLessThanOrEqual(1)
    expect(Math.abs(count(split.dev, label) - 0.1 * all)).toBeLessThanOrEqual(1)
    expect(count(split.train, label)).toBeGreaterThan(0)
  }
  expect(Math.abs(split.test.length - 0.3 * rows.length)).toBeLessThanOrEqual(1)
  expect(Math.abs(split.dev.length - 0.1 * rows.length)).toBeLessThanOrEqual(1)
})

test('groups are never parted, and shares are kept to within the largest group', () => {
  const numbers = createRandom(5, 'groups')
  const labels = Array.from({ length: 2000 }, () => numbers.pick(['a', 'b', 'c']))
  const names = labels.map(label => `${label}${numbers.integer(0, 60)}`)
  const rows = trace(labels, index => names[index]!)
  const split = splitRows(rows, { test: 0.25, dev: 0.15, stratify: 'label', random: random() })
  const parts = Object.values(split).map(part => new Set(part.map((row: TracedRow) => row.group)))
  const [train, dev, sealed] = [parts[0]!, parts[1]!, parts[2]!]
  expect([train.isDisjointFrom(dev), train.isDisjointFrom(sealed), dev.isDisjointFrom(sealed)]).toEqual([
    true,
    true,
    true,
  ])
  const largest = Math.max(...[...Map.groupBy(rows, row => row.group).values()].map(({ length }) => length))
  for (const label of ['a', 'b', 'c']) {
    expect(Math.abs(count(split.test, label) - 0.25 * count(rows, label))).toBeLessThanOrEqual(largest)
    expect(Math.abs(count(split.dev, label) - 0.15 * count(rows, label))).toBeLessThanOrEqual(largest)
  }
})

test('a value of one group stays in train, one of two keeps a group there, whatever the shares', () => {
  const rows = trace(['one', 'two', 'two', 'many', 'many', 'many', 'many', 'many', 'many', 'many'])
  for (let seed = 0; seed < 20; seed++) {
    const { train } = splitRows(rows, { test: 0.6, dev: 0.3, stratify: 'label', random: random(seed) })
    expect([count(train, 'one'), count(train, 'two') > 0, count(train, 'many') > 0]).toEqual([1, true, true])
  }
})

test('the seed decides, and the same seed decides the same', () => {
  const rows = trace(Array.from({ length: 50 }, (_, index) => index % 2))
  const at = (seed: number): RowSplit =>
    splitRows(rows, { test: 0.4, dev: 0, stratify: 'label', random: random(seed) })
  expect(at(1)).toEqual(at(1))
  expect(at(1).test).not.toEqual(at(2).test)
})

test('each row is as likely to be sealed as another', () => {
  const rows = trace(Array.from({ length: 20 }, (_, index) => (index < 15 ? 'a' : 'b')))
  const times = rows.map(() => 0)
  for (let seed = 0; seed < 2000; seed++) {
    for (const row of splitRows(rows, { test: 0.3, dev: 0.1, stratify: 'label', random: random(seed) })
      .test) {
      times[rows.indexOf(row)]!++
    }
  }
  // 600 of 2,000 expected; the standard deviation of such a count is 20.5.
  for (const seen of times) expect(Math.abs(seen - 600)).toBeLessThan(100)
})

test('numbers of many values are stratified by fifths', () => {
  const rows = trace(Array.from({ length: 100 }, (_, index) => index))
  const { test: sealed } = splitRows(rows, { test: 0.2, dev: 0, stratify: 'label', random: random() })
  const fifths = [0, 1, 2, 3, 4].map(fifth =>
    sealed.filter(({ row }) => Math.floor((row['label'] as number) / 20) === fifth),
  )
  expect(fifths.map(part => part.length)).toEqual([4, 4, 4, 4, 4])
})

test('missing values are a stratum like any other', () => {
  const rows = trace(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? null : 'a')))
  const { test: sealed } = splitRows(rows, { test: 0.5, dev: 0, stratify: 'label', random: random() })
  expect([count(sealed, null), count(sealed, 'a')]).toEqual([10, 10])
})

test('nothing is held out where nothing is asked for, and no rows make no parts', () => {
  const rows = trace(['a', 'b'])
  expect(sizes(splitRows(rows, { test: 0, dev: 0, stratify: 'label', random: random() }))).toEqual([2, 0, 0])
  expect(sizes(splitRows([], { test: 0.3, dev: 0, random: random() }))).toEqual([0, 0, 0])
  expect(sizes(splitRows(trace(['a']), { test: 0.9, dev: 0, random: random() }))).toEqual([1, 0, 0])
})

test.each([
  [{ test: 0.7, dev: 0.3 }, 'which leaves none to train on'],
  [{ test: -0.1, dev: 0 }, 'which leaves none to train on'],
  [{ test: Number.NaN, dev: 0 }, 'which leaves none to train on'],
  [{ test: 0.3, dev: 0, stratify: 'lable' }, 'keep the shares of "lable", but there is no such column'],
  [{ test: 0.3, dev: 0, stratify: 'label' }, '40 of its 40 values have one group only'],
])('%j is refused', (shares, message) => {
  const rows = trace(Array.from({ length: 40 }, (_, index) => `text ${index}`))
  expect(() => splitRows(rows, { ...shares, random: random() })).toThrow(message)
})

test.skipIf(!existsSync(sharedData))('77 real intents keep their shares', async () => {
  const file = path.join(sharedData, 'banking77/train.csv')
  const { rows } = await readSource({ name: 'b', path: file, use: 'train', share: 'anyone', drop: [] })
  const split = splitRows(rows, { test: 0.3, dev: 0.1, stratify: 'category', random: random() })
  expect(sizes(split)).toEqual([6002, 1000, 3001])
  for (const label of new Set(rows.map(({ row }) => String(row['category'])))) {
    expect(
      Math.abs(count(split.test, label, 'category') - 0.3 * count(rows, label, 'category')),
    ).toBeLessThanOrEqual(1)
  }
})
