import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from '../../test/tilth-process.ts'
import { planClean, performClean } from './clean.ts'

const { signal } = new AbortController()
const step = (key: string, local = false): object => ({ name: `mix:${key}`, kind: 'mix', key, local })
const plan = (...steps: object[]): string => JSON.stringify({ id: 'x', steps })
const day = 86_400

/** Two runs, the older one reviewed; a result of each, one of both, one of neither, and one that is private. */
function project(): string {
  const folder = folderWith({
    'tilth.yaml': 'name: fields\n',
    'reports.csv': 'a,b\n1,2\n',
    'runs/old-1/plan.json': plan(step('a'), step('b'), step('p', true)),
    'runs/old-1/journal.jsonl': '{}\n',
    'runs/old-1/report.json': '{}',
    'runs/old-1/mixtures/mixed/train.jsonl': 'x'.repeat(500),
    'runs/old-1/review/mixed/review.json': '{}',
    'runs/old-1/review/mixed/decisions/anna.jsonl': '{}\n',
    'runs/new-2/plan.json': plan(step('b'), step('c')),
    'runs/new-2/journal.jsonl': '{}\n',
    '.tilth/store/a/value.json': 'a'.repeat(100),
    '.tilth/store/b/value.json': 'b',
    '.tilth/store/c/value.json': 'c',
    '.tilth/store/nobody/value.json': 'n'.repeat(30),
    '.tilth/private/store/p/value.json': 'p',
    '.tilth/private/mixtures/old-1/mixed/train.jsonl': 'p',
    '.tilth/private/review/old-1/hidden/review.json': '{}',
    '.tilth/looks/1234.json': '[]',
    '.tilth/timings.jsonl': '',
  })
  const long = Date.now() / 1000 - 40 * day
  utimesSync(path.join(folder, 'runs/old-1/journal.jsonl'), long, long)
  return folder
}

const paths = (folder: string, removals: readonly { readonly path: string }[]): readonly string[] =>
  removals.map(removal => path.relative(folder, removal.path)).toSorted()

test('by itself, only what no run refers to goes', () => {
  const folder = project()
  const planned = planClean({ project: folder, reviews: false })
  expect(paths(folder, planned.removals)).toEqual(['.tilth/store/nobody'])
  expect(planned).toMatchObject({ runs: [], bytes: 30 })
  performClean(folder, planned, signal)
  expect(readdirSync(path.join(folder, '.tilth/store')).toSorted()).toEqual(['a', 'b', 'c'])
  expect(existsSync(path.join(folder, '.tilth/private/removing'))).toBe(false)
  expect(planClean({ project: folder, reviews: false }).removals).toEqual([])
})

test.each([
  { how: 'by number', options: { keep: 1 } },
  { how: 'by age', options: { before: Date.now() - 30 * day * 1000 } },
])('an old run goes $how with its own results; decisions of people stay', ({ options }) => {
  const folder = project()
  const planned = planClean({ project: folder, reviews: false, ...options })
  expect(planned.runs).toEqual(['old-1'])
  performClean(folder, planned, signal)
  expect(readdirSync(path.join(folder, 'runs/old-1'))).toEqual(['review'])
  expect(existsSync(path.join(folder, 'runs/old-1/review/mixed/decisions/anna.jsonl'))).toBe(true)
  expect(existsSync(path.join(folder, '.tilth/private/review/old-1/hidden/review.json'))).toBe(true)
  expect(readdirSync(path.join(folder, '.tilth/store')).toSorted()).toEqual(['b', 'c'])
  expect(readdirSync(path.join(folder, '.tilth/private/store'))).toEqual([])
  expect(readdirSync(path.join(folder, '.tilth/private/mixtures'))).toEqual([])
  expect(readdirSync(path.join(folder, 'runs/new-2')).toSorted()).toEqual(['journal.jsonl', 'plan.json'])
  for (const kept of ['tilth.yaml', 'reports.csv', '.tilth/looks/1234.json', '.tilth/timings.jsonl'])
    expect(existsSync(path.join(folder, kept))).toBe(true)
})

test('a run that is both old and among those to keep stays', () => {
  const folder = project()
  expect(planClean({ project: folder, reviews: false, keep: 2, before: Date.now() }).runs).toEqual([])
})

test('reviews go where they are asked for: of runs that go or are gone, never of others', () => {
  const folder = project()
  mkdirSync(path.join(folder, 'runs/new-2/review/mixed'), { recursive: true })
  mkdirSync(path.join(folder, 'runs/gone-0/review/mixed'), { recursive: true })
  const planned = planClean({ project: folder, reviews: true, keep: 1 })
  const reviews = planned.removals.filter(({ kind }) => kind === 'review')
  expect(paths(folder, reviews)).toEqual([
    '.tilth/private/review/old-1',
    'runs/gone-0/review',
    'runs/old-1/review',
  ])
  performClean(folder, planned, signal)
  expect(readdirSync(path.join(folder, 'runs'))).toEqual(['new-2'])
  expect(existsSync(path.join(folder, 'runs/new-2/review/mixed'))).toBe(true)
})

test('what a person put into the folder of an old run stays', () => {
  const folder = project()
  writeFileSync(path.join(folder, 'runs/old-1/notes.md'), 'mine')
  performClean(folder, planClean({ project: folder, reviews: true, keep: 1 }), signal)
  expect(readdirSync(path.join(folder, 'runs/old-1'))).toEqual(['notes.md'])
})

test('what killed processes left goes: half results, temporary files, locks taken over, removals cut short', () => {
  const folder = project()
  const left = {
    '.tilth/store/making-d/value.json': 'd',
    '.tilth/private/store/making-e/value.json': 'e',
    '.tilth/private/removing/1-0/value.json': 'r',
    '.tilth/private/mixtures/gone-0/mixed/train.jsonl': 'g',
    'runs/new-2/.report.json.12-0-3.tmp': 't',
    '.tilth/looks/.1234.json.12-0-4.tmp': 't',
    '.tilth/lock.stale-99': '{}',
  }
  for (const [name, content] of Object.entries(left)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  const planned = planClean({ project: folder, reviews: false })
  expect(
    paths(
      folder,
      planned.removals.filter(({ kind }) => kind === 'leftover'),
    ),
  ).toEqual([
    '.tilth/lock.stale-99',
    '.tilth/looks/.1234.json.12-0-4.tmp',
    '.tilth/private/mixtures/gone-0',
    '.tilth/private/removing',
    '.tilth/private/store/making-e',
    '.tilth/store/making-d',
    'runs/new-2/.report.json.12-0-3.tmp',
  ])
  performClean(folder, planned, signal)
  expect(planClean({ project: folder, reviews: false }).removals).toEqual([])
})

test('a file that a run links to from elsewhere frees nothing, one linked twice by what goes counts once', () => {
  const folder = project()
  const result = path.join(folder, '.tilth/store/nobody/train.jsonl')
  writeFileSync(result, 'x'.repeat(1000))
  linkSync(result, path.join(folder, 'runs/new-2/train.jsonl'))
  expect(planClean({ project: folder, reviews: false }).bytes).toBe(30)
  linkSync(path.join(folder, '.tilth/store/a/value.json'), path.join(folder, 'runs/old-1/mixtures/mixed/a'))
  const { bytes } = planClean({ project: folder, reviews: false, keep: 1 })
  const own = ['plan.json', 'journal.jsonl', 'report.json', 'mixtures/mixed/train.jsonl', 'mixtures/mixed/a']
  const sizes = own.map(name => statSync(path.join(folder, 'runs/old-1', name)).size)
  // Two private bytes, and 30 of the result that nobody refers to.
  expect(bytes).toBe(sizes.reduce((sum, size) => sum + size, 0) + 2 + 30)
})

test('where a run that stays has a plan that cannot be read, nothing is planned', () => {
  const folder = project()
  writeFileSync(path.join(folder, 'runs/new-2/plan.json'), '{"steps": [')
  expect(() => planClean({ project: folder, reviews: false })).toThrow('what this run refers to is not known')
  writeFileSync(path.join(folder, 'runs/new-2/plan.json'), '{}')
  expect(() => planClean({ project: folder, reviews: false })).toThrow('what this run refers to is not known')
})

test('stopped between two removals, what was not reached is whole, and the next clean goes on', () => {
  const folder = project()
  const planned = planClean({ project: folder, reviews: false, keep: 1 })
  const stop = new AbortController()
  let looks = 0
  const after: AbortSignal = Object.create(stop.signal, {
    throwIfAborted: {
      value: () => {
        if (looks++ === 2) throw new Error('stopped')
      },
    },
  }) as AbortSignal
  expect(() => performClean(folder, planned, after)).toThrow('stopped')
  const rest = planClean({ project: folder, reviews: false, keep: 1 })
  expect(rest.removals.length).toBeGreaterThan(0)
  performClean(folder, rest, signal)
  expect(readdirSync(path.join(folder, '.tilth/store')).toSorted()).toEqual(['b', 'c'])
})

test('what is being removed lies in a folder that nobody else can read', () => {
  const folder = project()
  chmodSync(path.join(folder, '.tilth/private'), 0o700)
  const planned = planClean({ project: folder, reviews: false })
  const aside = path.join(folder, '.tilth/private/removing')
  let mode = 0
  const watching = Object.create(signal, {
    throwIfAborted: { value: () => (mode = statSync(aside).mode & 0o777) },
  }) as AbortSignal
  performClean(folder, planned, watching)
  expect(mode).toBe(0o700)
})
