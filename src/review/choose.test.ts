import { expect, test } from 'vitest'
import { madeItem, madeRealItem } from '../../test/made-review.ts'
import { createRandom } from '../data/random.ts'
import type { Row } from '../data/row.ts'
import { chooseItems } from './choose.ts'
import { hashExample } from './decision.ts'
import { measureDoubt } from './doubt.ts'
import type { ReviewItem } from './item.ts'

const soils = ['clay', 'sand', 'loam', 'peat']
const pool = Array.from({ length: 200 }, (_, index) =>
  madeItem(`row${index}`, {
    generator: index % 2 === 0 ? 'rules' : 'records',
    cell: { soil: soils[index % 4]! },
  }),
)
const real = Array.from({ length: 25 }, (_, index) => madeRealItem(`real${index}`))

function choose(
  given: { blind?: boolean; doubts?: Map<string, number>; decided?: string[] } = {},
): readonly ReviewItem[] {
  return chooseItems({
    examples: [...pool, ...real].map(({ example }) => example),
    rows: new Map<string, Row>(pool.map(({ example, row }) => [example.group, row!])),
    doubts: given.doubts ?? new Map(),
    decided: new Set(given.decided),
    blind: given.blind ?? false,
    run: 'fields-1',
    random: createRandom(1, 'review'),
  })
}

const partsOf = (items: readonly ReviewItem[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(items, ({ part }) => part)].map(([part, own]) => [part, own.length]))

test('twenty are drawn and thirty chosen, no row twice; a blind review mixes ten real ones in', () => {
  expect(partsOf(choose())).toEqual({ random: 20, chosen: 30 })
  const blind = choose({ blind: true })
  expect(partsOf(blind)).toEqual({ random: 20, chosen: 30, real: 10 })
  expect(new Set(blind.map(({ example }) => example.id)).size).toBe(60)
  expect(new Set(choose().map(({ example }) => example.group)).size).toBe(50)
})

test('chosen examples cover every case alike, and the most doubtful of each comes first', () => {
  const doubts = new Map(pool.map(({ example }, index) => [example.id, (index * 37) % 200]))
  const items = choose({ doubts })
  const drawn = new Set(items.filter(({ part }) => part === 'random').map(({ example }) => example.id))
  const chosen = items.filter(({ part }) => part === 'chosen')
  const cases = Map.groupBy(chosen, ({ row }) => soils[Number(String(row!['soil']).slice(3)) % 4]!)
  expect([...cases.values()].map(own => own.length).toSorted()).toEqual([7, 7, 8, 8])
  for (const [soil, own] of cases) {
    const others = pool.filter(({ example }, index) => soils[index % 4] === soil && !drawn.has(example.id))
    const most = others.map(({ example }) => doubts.get(example.id)!).toSorted((a, b) => b - a)
    expect(own.map(({ doubt }) => doubt!).toSorted((a, b) => b - a)).toEqual(most.slice(0, own.length))
  }
})

/** Ids of the examples that were drawn evenly. */
function drawnBy(items: readonly ReviewItem[]): readonly string[] {
  return items.flatMap(({ part, example }) => (part === 'random' ? [example.id] : [])).toSorted()
}

test('the drawn part does not look at doubt', () => {
  const doubts = new Map(pool.map(({ example }, index) => [example.id, index]))
  expect(drawnBy(choose({ doubts }))).toEqual(drawnBy(choose()))
})

test('what was decided before is not chosen again', () => {
  const before = choose().filter(({ part }) => part === 'chosen')
  const decided = before.map(({ example }) => hashExample(example))
  const again = choose({ decided }).filter(({ part }) => part === 'chosen')
  expect(again).toHaveLength(30)
  expect(again.filter(({ example }) => decided.includes(hashExample(example)))).toEqual([])
})

test('names tell nothing of origin, and the same input gives the same review', () => {
  for (const { id } of choose({ blind: true })) expect(id).toMatch(/^ex-[0-9a-f]{12}$/)
  expect(choose()).toEqual(choose())
})

test('a small mixture is reviewed whole, each equal example once', () => {
  const twin = { ...madeItem('clay').example, id: 'rules:twin/yield' }
  const examples = [madeItem('clay').example, madeItem('sand').example, twin]
  const items = chooseItems({
    examples,
    rows: new Map(),
    doubts: new Map(),
    decided: new Set(),
    blind: true,
    run: 'fields-1',
    random: createRandom(1, 'review'),
  })
  expect(items).toHaveLength(2)
})

test('doubt is how far the student prefers another label', () => {
  const { example } = madeItem('clay')
  const doubtOf = (good: number): number | undefined =>
    measureDoubt([example], [{ id: example.id, text: 'good', probabilities: { good, poor: 1 - good } }]).get(
      example.id,
    )
  expect(doubtOf(1)).toBe(-1)
  expect(doubtOf(0.5)).toBe(0)
  expect(doubtOf(0.1)).toBeCloseTo(0.8)
  expect(measureDoubt([example], [{ id: example.id, text: 'good' }]).size).toBe(0)
})
