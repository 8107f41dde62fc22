import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { datasetCard } from './card.ts'

const facts = {
  project: 'wildlife-strikes',
  mixture: 'mixed',
  seed: 1000,
  tasks: [
    { name: 'damaged', kind: 'label', examples: 660 },
    { name: 'facts', kind: 'fields', examples: 660 },
  ],
  real: 120,
  synthetic: 1200,
  generators: [{ name: 'archive', use: 'records', fittedOn: 'archive' }],
  local: true,
  rows: null,
}

test('the head is YAML with the keys that the hub reads', () => {
  const [, head] = datasetCard(facts).split('---\n')
  expect(parse(head!)).toMatchObject({
    task_categories: ['text-classification', 'text-generation'],
    size_categories: ['1K<n<10K'],
    configs: [{ config_name: 'default', data_files: [{ split: 'train', path: 'train.parquet' }] }],
  })
})

test('the card says what the data are without: a privacy guarantee', () => {
  expect(datasetCard(facts)).toContain('without a differential-privacy guarantee: decide with the owner')
  expect(datasetCard({ ...facts, local: false })).toContain('No row that may not be shared was used')
})

test('a set of all real rows says that it was never scored; one of a sealed run does not', () => {
  expect(datasetCard({ ...facts, rows: 60 })).toContain(
    'It was made from all 60 real training rows, and so was never scored itself',
  )
  expect(datasetCard(facts)).not.toContain('never scored')
})
