import { expect, test } from 'vitest'
import { checkProject } from './project.ts'

function project(mixtures: object): unknown {
  return {
    name: 'fields',
    sources: { reports: { path: 'reports.csv', use: 'train' } },
    tasks: { yield: { kind: 'label', answer: 'yield', prompts: ['Soil {{ soil }}?'] } },
    generators: { own: { use: 'records' } },
    mixtures,
  }
}

test('a search has amounts, ways to keep and penalties by default', () => {
  const { mixtures } = checkProject(project({ mixed: { generators: ['own'], search: {} } }), 'tilth.yaml')
  expect(mixtures['mixed']!.search).toEqual({
    perReal: [0, 1, 3, 10],
    keep: ['all', 'half'],
    C: [2, 20, 200],
  })
})

test('what the search falls back on must be measured, and nothing twice', () => {
  const mixed = { generators: ['own'], perReal: 5, search: { perReal: [0, 3, 3] } }
  expect(() => checkProject(project({ mixed }), 'tilth.yaml')).toThrow(
    /stands in the list[\s\S]*does not hold 5/,
  )
})

test('a later mixture is searched only beside the first', () => {
  const mixtures = { mixed: { generators: ['own'] }, other: { generators: ['own'], search: {} } }
  expect(() => checkProject(project(mixtures), 'tilth.yaml')).toThrow(
    /mixtures\.other\.search[\s\S]*beside "mixed"/,
  )
})
