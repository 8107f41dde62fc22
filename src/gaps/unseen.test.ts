import { expect, test } from 'vitest'
import type { Column } from '../data/schema.ts'
import { measureUnseen } from './unseen.ts'

const column = (name: string, kind: Column['kind']): Column => ({ name, kind, missing: 0 })
const species = ['gull', 'gull', 'gull', 'hawk', 'hawk', 'owl', 'owl', 'deer', 'bat', 'heron']
const rows = species.map((name, index) => ({
  species: name,
  phase: index % 2 === 0 ? 'climb' : 'landing',
  speed: index,
  told: `the pilot of flight ${name} saw something large near runway ${index % 3}`,
}))
const columns = [
  column('species', 'category'),
  column('phase', 'category'),
  column('speed', 'integer'),
  column('told', 'text'),
]

test('an open column: how much of the next rows is new, how many there are, and how many to make', () => {
  const found = measureUnseen({ rows, columns, closed: ['phase'], synthetic: 100 }).find(
    ({ of }) => of === 'values',
  )
  // Seen once: deer, bat, heron; twice: hawk, owl. Good–Turing 3/10; Chao1 6 + 0.9 · 9 / 4 = 8.025.
  expect(found).toMatchObject({
    column: 'species',
    rows: 10,
    seen: 6,
    once: 3,
    mass: 0.3,
    atLeast: 8,
    need: 30,
  })
  expect(found!.why).toContain('30 % of the new rows will bring one never seen; at least 2 more values exist')
})

test('of sentences it counts words and beginnings; numbers, closed columns and columns met again are left out', () => {
  const found = measureUnseen({ rows, columns, closed: ['phase'], synthetic: 100 })
  expect(found.map(({ column: name, of }) => `${name} ${of}`).toSorted()).toEqual([
    'species values',
    'told words',
  ])
  const words = found.find(({ of }) => of === 'words')!
  // Once each: deer, bat, heron, among 10 rows of 11 words: 3 of 110.
  expect(words).toMatchObject({ once: 3, need: null, mass: expect.closeTo(3 / 110, 10) })
})

test('a missing value is no value', () => {
  const holes = [...rows, { species: null }, { species: '' }]
  expect(
    measureUnseen({ rows: holes, columns, closed: [], synthetic: 0 }).find(({ of }) => of === 'values')!.rows,
  ).toBe(10)
})
