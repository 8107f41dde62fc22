import { expect, test } from 'vitest'
import type { Example } from '../data/example.ts'
import { makeArms } from './arms.ts'

function example(id: string, kind: 'real' | 'synthetic'): Example {
  const origin: Example['origin'] =
    kind === 'real'
      ? { kind, source: 'reports', number: 1, use: 'train', share: 'anyone' }
      : { kind, generator: 'form', seed: 1, cell: {}, fitted: null, parents: [], share: 'anyone' }
  return { id, group: id, task: 'damaged', messages: [], attributes: {}, weight: 1, origin }
}

const real = [example('r1', 'real'), example('r2', 'real')]
const first = [1, 2, 3, 4, 5, 6].map(number => example(`s${number}`, 'synthetic'))
const second = [example('t1', 'synthetic')]
const arms = makeArms(real, [
  { name: 'mixed', synthetic: first },
  { name: 'shareable', synthetic: second },
])
const ids = (name: string): string[] => arms.find(arm => arm.name === name)!.examples.map(({ id }) => id)

test('the first mixture is the confirmatory arm, what one would do without it the rivals', () => {
  expect(arms.map(({ name, role }) => [name, role])).toEqual([
    ['real', 'rival'],
    ['real-weighted', 'rival'],
    ['real-repeated', 'exploratory'],
    ['synthetic', 'exploratory'],
    ['mixed', 'confirmatory'],
    ['shareable', 'exploratory'],
  ])
})

test('a mixture holds the real examples and its own synthetic ones', () => {
  expect(ids('mixed')).toEqual(['r1', 'r2', 's1', 's2', 's3', 's4', 's5', 's6'])
  expect(ids('shareable')).toEqual(['r1', 'r2', 't1'])
  expect(ids('synthetic')).toEqual(['s1', 's2', 's3', 's4', 's5', 's6'])
})

test('a description counts no synthetic examples: those of the tasks that a student learns are fewer', () => {
  for (const { name, description } of arms.filter(arm => arm.synthetic > 0 && arm.real > 0))
    expect(description).toBe(`The real examples and the synthetic ones of mixture "${name}".`)
})

test('the repeated arm has as many examples as the first mixture', () => {
  expect(ids('real-repeated')).toHaveLength(8)
  expect(new Set(ids('real-repeated'))).toEqual(new Set(['r1', 'r2']))
})

test('only the weighted arm weighs classes', () => {
  expect(arms.filter(({ classWeights }) => classWeights === 'balanced').map(({ name }) => name)).toEqual([
    'real-weighted',
  ])
})
