import { expect, test } from 'vitest'
import type { Origin } from '../data/origin.ts'
import type { TracedRow } from '../data/row.ts'
import { assertNoLeak, type Lineage } from './lineage.ts'

function real(number: number): Origin {
  return { kind: 'real', source: 'strikes', number, use: 'train', share: 'anyone' }
}

function synthetic(fitted: string | null, parents: readonly string[] = []): Origin {
  return { kind: 'synthetic', generator: 'records', seed: 1, cell: {}, fitted, parents, share: 'anyone' }
}

const heldOut: readonly TracedRow[] = [
  { id: 'strikes:7', group: 'airport A', row: {}, origin: { ...real(7), use: 'test' } as Origin },
]

/** A lineage without a leak, but for what is changed. */
function lineageOf(changed: Partial<Lineage>): Lineage {
  return {
    training: [
      { id: 'strikes:1/damage', group: 'airport B', origin: real(1) },
      { id: 'records:aa/damage', group: 'records:aa', origin: synthetic('model-1', ['strikes:1']) },
    ],
    fittedRows: new Map([['model-1', ['strikes:1']]]),
    groupOf: new Map([
      ['strikes:1', 'airport B'],
      ['strikes:2', 'airport A'],
    ]),
    heldOut,
    ...changed,
  }
}

test('training rows and what was made from them pass', () => {
  expect(() => assertNoLeak(lineageOf({}))).not.toThrow()
})

test('a held-out row among the training examples is a leak, whatever its example is called', () => {
  const training = [{ id: 'renamed', group: 'other', origin: real(7) }]
  expect(() => assertNoLeak(lineageOf({ training }))).toThrow(
    'training example renamed is held-out row strikes:7',
  )
})

test('a training example that shares a group with a held-out row is a leak', () => {
  const training = [{ id: 'strikes:2/damage', group: 'airport A', origin: real(2) }]
  expect(() => assertNoLeak(lineageOf({ training }))).toThrow('strikes:2/damage is of group airport A')
})

function fittedOn(row: string): Lineage {
  return lineageOf({ fittedRows: new Map([['model-1', [row]]]) })
}

test('a model fitted on a held-out row, or on one of its group, is a leak', () => {
  expect(() => assertNoLeak(fittedOn('strikes:7'))).toThrow('model model-1 was fitted on row strikes:7')
  expect(() => assertNoLeak(fittedOn('strikes:2'))).toThrow('fitted on row strikes:2 of group airport A')
})

test('a synthetic example made from a held-out row is a leak', () => {
  const training = [{ id: 'rules:bb/damage', group: 'rules:bb', origin: synthetic(null, ['strikes:7']) }]
  expect(() => assertNoLeak(lineageOf({ training }))).toThrow('rules:bb/damage was made from row strikes:7')
})

test('a hole in the lineage is refused: an unknown model, an unknown row', () => {
  expect(() => assertNoLeak(lineageOf({ fittedRows: new Map() }))).toThrow(
    'model model-1, whose rows are not known',
  )
  expect(() => assertNoLeak(lineageOf({ fittedRows: new Map([['model-1', ['strikes:9']]]) }))).toThrow(
    'row strikes:9, whose group is not known',
  )
})
