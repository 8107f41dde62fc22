import { expect, test } from 'vitest'
import { createContext } from '../../context.ts'
import type { Attributes } from '../../data/example.ts'
import { createRandom } from '../../data/random.ts'
import type { Row, TracedRow } from '../../data/row.ts'
import { type ColumnKind, inferSchema } from '../../data/schema.ts'
import { UserError } from '../../error.ts'
import { recordsOptions } from './options.ts'
import { recordsGenerator } from './records.ts'

interface Trial {
  readonly kinds?: Record<string, ColumnKind>
  readonly options?: Partial<Parameters<typeof recordsOptions.parse>[0] & object>
  readonly share?: 'anyone' | 'local'
}

function trace(rows: readonly Row[], share: 'anyone' | 'local' = 'anyone'): TracedRow[] {
  return rows.map((row, index) => {
    const id = `made:${index + 1}`
    return {
      id,
      group: id,
      row,
      origin: { kind: 'real', source: 'made', number: index + 1, use: 'train', share },
    }
  })
}

async function learn(rows: readonly Row[], { kinds = {}, options = {}, share }: Trial = {}) {
  const settings = recordsOptions.parse(options)
  const traced = trace(rows, share)
  const overrides = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, { kind }]))
  const input = { rows: traced, schema: inferSchema(traced, overrides) }
  const fitted = await recordsGenerator.fit(settings, input, createContext({ seed: 1, name: 'fit' }))
  return {
    fitted,
    supports: (cell: Attributes) => recordsGenerator.supports(settings, fitted, cell),
    make: (count: number, cell: Attributes = {}, seed = 1, from = fitted) =>
      recordsGenerator.make(settings, from, { cell, count }, createContext({ seed, name: 'make' })),
  }
}

/** A world whose shares are known: half are ill; of the ill 80 % cough, of the well 10 %; fever and age follow. */
function patients(count: number): Row[] {
  const random = createRandom(7, 'patients')
  return Array.from({ length: count }, () => {
    const ill = random.next() < 0.5
    const cough = random.next() < (ill ? 0.8 : 0.1)
    const temperature = Math.round(random.normal(ill ? 39 : 36.6, 0.4) * 10) / 10
    const measured = random.next() < (cough ? 0.9 : 0.4)
    const age = random.integer(18, 90)
    return { state: ill ? 'ill' : 'well', cough, temperature: measured ? temperature : null, age }
  })
}

const share = (rows: readonly Row[], of: (row: Row) => boolean): number =>
  rows.filter(of).length / rows.length

test('single columns and pairs keep their shares', async () => {
  const made = await (await learn(patients(4000))).make(4000)
  const ill = made.filter(row => row['state'] === 'ill')
  const well = made.filter(row => row['state'] === 'well')
  // Standard errors are about 0.01.
  expect(ill.length / 4000).toBeCloseTo(0.5, 1)
  expect(Math.abs(share(ill, row => row['cough'] === true) - 0.8)).toBeLessThan(0.04)
  expect(Math.abs(share(well, row => row['cough'] === true) - 0.1)).toBeLessThan(0.04)
  const warm = ill.filter(row => row['temperature'] !== null).map(row => Number(row['temperature']))
  expect(Math.abs(warm.reduce((a, b) => a + b, 0) / warm.length - 39)).toBeLessThan(0.06)
})

test('independent columns keep single shares and lose what goes together', async () => {
  const made = await (await learn(patients(4000), { options: { method: 'independent' } })).make(4000)
  expect(Math.abs(share(made, row => row['cough'] === true) - 0.45)).toBeLessThan(0.04)
  const ill = made.filter(row => row['state'] === 'ill')
  expect(Math.abs(share(ill, row => row['cough'] === true) - 0.45)).toBeLessThan(0.05)
})

const isMissing = (row: Row): boolean => row['temperature'] === null

test('missing values keep their share and what they depend on', async () => {
  const made = await (await learn(patients(4000))).make(4000)
  expect(
    Math.abs(
      share(
        made.filter(({ cough }) => cough === true),
        isMissing,
      ) - 0.1,
    ),
  ).toBeLessThan(0.04)
  expect(
    Math.abs(
      share(
        made.filter(({ cough }) => cough === false),
        isMissing,
      ) - 0.6,
    ),
  ).toBeLessThan(0.05)
})

test('the same seed makes the same rows, another seed others', async () => {
  const [first, second] = [await learn(patients(300)), await learn(patients(300))]
  expect(first.fitted).toEqual(second.fitted)
  expect(await first.make(50)).toEqual(await second.make(50))
  expect(await first.make(50, {}, 2)).not.toEqual(await second.make(50))
})

test('a fitted table is plain JSON, and makes the same rows after it was saved', async () => {
  const { fitted, make } = await learn(patients(300))
  const saved = JSON.parse(JSON.stringify(fitted)) as typeof fitted
  expect(saved).toEqual(fitted)
  expect(await make(50, {}, 1, saved)).toEqual(await make(50))
})

test.each([
  { place: 'early', first: ['cough', 'state'] },
  { place: 'late', first: ['age', 'temperature', 'state'] },
])('a cell conditions the other columns, its own coming $place in the order', async ({ first }) => {
  const { make } = await learn(patients(4000), { options: { first } })
  const made = await make(1000, { cough: true })
  expect(made).toHaveLength(1000)
  expect(made.every(row => row['cough'] === true)).toBe(true)
  // P(ill | cough) = 0.5 · 0.8 / (0.5 · 0.8 + 0.5 · 0.1), by Bayes.
  expect(Math.abs(share(made, row => row['state'] === 'ill') - 8 / 9)).toBeLessThan(0.05)
})

test('numbers, dates, booleans and missing values can be asked for, also as text', async () => {
  const rows = patients(600).map((row, i) => ({
    ...row,
    seen: `2020-01-${String((i % 28) + 1).padStart(2, '0')}`,
  }))
  const { make, supports } = await learn(rows)
  for (const cell of [{ age: 40 }, { seen: '2020-01-09' }, { cough: false }, { temperature: null }]) {
    expect(supports(cell)).toBe(true)
    const made = await make(20, cell)
    expect(made).toHaveLength(20)
    expect(made.every(row => Object.entries(cell).every(([name, value]) => row[name] === value))).toBe(true)
  }
  const made = await make(5, { age: '40', cough: 'true' })
  expect(made.every(row => row['age'] === 40 && row['cough'] === true)).toBe(true)
})

test('a combination never seen together is made of its parts', async () => {
  const rows: Row[] = patients(1000).map(row => ({
    ...row,
    ward: row['state'] === 'ill' ? 'A' : row['cough'] ? 'B' : 'C',
  }))
  const { make, supports } = await learn(rows)
  const contradicted = { age: 89, state: 'ill', ward: 'B' }
  expect(supports(contradicted)).toContain('never goes with')
  const asked = { age: 88, temperature: 36.4, ward: 'B' }
  expect(rows.some(row => row['age'] === 88 && row['temperature'] === 36.4 && row['ward'] === 'B')).toBe(
    false,
  )
  expect(supports(asked)).toBe(true)
  const made = await make(30, asked)
  expect(made).toHaveLength(30)
  // Ward B is where the well who cough lie.
  expect(made.every(row => row['ward'] === 'B' && row['state'] === 'well' && row['cough'] === true)).toBe(
    true,
  )
})

test('what it cannot make, it says why', async () => {
  const { make, supports } = await learn([...patients(100)].map((row, i) => ({ id: `p${i}`, ...row })))
  expect(supports({ state: 'wel' })).toContain('Did you mean "well"?')
  expect(supports({ colour: 'red' })).toContain("no column 'colour'")
  expect(supports({ age: 400 })).toContain('lies outside')
  expect(supports({ age: 'old' })).toContain("'old' is none")
  expect(supports({ state: null })).toContain('never missing')
  expect(supports({ id: 'p1' })).toContain('every row gets a new one')
  expect(await make(5, { age: 400 })).toEqual([])
})

test('reasons do not quote local rows', async () => {
  const { supports } = await learn(patients(100), { share: 'local' })
  expect(supports({ state: 'wel' })).not.toContain('well')
  expect(supports({ age: 400 })).not.toMatch(/\d to \d/)
})

function rareRows(): Row[] {
  const labels = [
    ...Array.from({ length: 196 }, (_, i) => (i % 2 ? 'common' : 'usual')),
    'odd',
    'odd',
    'odd',
    'odd',
  ]
  return labels.map((label, i) => ({
    label,
    size: label === 'odd' ? 100 : i % 40,
    tone: label === 'odd' ? 'loud' : 'soft',
  }))
}

test('rare categories are written only where the cell asks for them', async () => {
  const { make, supports } = await learn(rareRows(), { kinds: { size: 'integer' } })
  const free = await make(2000)
  expect(free.some(row => row['label'] === 'odd' || row['tone'] === 'loud')).toBe(false)
  expect(supports({ label: 'odd' })).toBe(true)
  const asked = await make(50, { label: 'odd' })
  expect(asked).toHaveLength(50)
  expect(asked.every(row => row['label'] === 'odd')).toBe(true)
  const kept = await (await learn(rareRows(), { options: { rare: 1 } })).make(2000)
  expect(kept.some(row => row['label'] === 'odd')).toBe(true)
})

test('a rare value of a column that comes first keeps rows of its own', async () => {
  const rows = [
    ...Array.from({ length: 292 }, (_, i) => ({ label: 'usual', size: i % 20 })),
    ...Array.from({ length: 8 }, (_, i) => ({ label: 'odd', size: 80 + i })),
  ]
  const { make } = await learn(rows, { options: { first: ['label'] } })
  const sizes = (await make(100, { label: 'odd' })).map(row => Number(row['size']))
  expect(sizes.every(size => size >= 80)).toBe(true)
})

test('a column whose values are all rare is refused, unless the cell holds it', async () => {
  const rows = patients(40).map((row, i) => ({ ...row, town: `town ${i % 20}` }))
  const { supports, make } = await learn(rows, { kinds: { town: 'category' } })
  expect(supports({})).toContain("none of the 20 values of 'town'")
  expect(supports({ town: 'town 3' })).toBe(true)
  expect(await make(3, { town: 'town 3' })).toHaveLength(3)
})

test('no number lies beyond the fifth largest and fifth smallest', async () => {
  const random = createRandom(3, 'pay')
  const rows = Array.from({ length: 500 }, () => ({
    pay: Math.round(Math.exp(random.normal(8, 1)) * 100) / 100,
  }))
  const sorted = rows.map(({ pay }) => pay).sort((a, b) => a - b)
  const made = (await (await learn(rows)).make(5000)).map(({ pay }) => Number(pay))
  expect(Math.min(...made)).toBeGreaterThanOrEqual(sorted[4]!)
  expect(Math.max(...made)).toBeLessThanOrEqual(sorted.at(-5)!)
})

test('smoothed numbers keep decimals, heaps and round values, and are seldom real ones', async () => {
  const random = createRandom(3, 'speed')
  const rows = Array.from({ length: 400 }, () => ({
    length: Math.round(random.next() * 1e6) / 1000,
    speed: random.integer(5, 35) * 10,
    cost: random.next() < 0.8 ? 0 : random.integer(1, 100_000),
  }))
  const real = new Set(rows.map(({ length }) => length))
  const made = await (await learn(rows)).make(2000)
  expect(made.every(({ speed }) => Number(speed) % 10 === 0)).toBe(true)
  expect(
    made.every(({ length }) => Math.abs(Number(length) * 1000 - Math.round(Number(length) * 1000)) < 1e-6),
  ).toBe(true)
  expect(share(made, ({ length }) => real.has(Number(length)))).toBeLessThan(0.05)
  expect(Math.abs(share(made, ({ cost }) => cost === 0) - 0.8)).toBeLessThan(0.06)
  const repeated = await (await learn(rows, { options: { smoothing: false } })).make(500)
  expect(repeated.every(({ length }) => real.has(Number(length)))).toBe(true)
})

test('what determines another column goes with it in every row', async () => {
  const random = createRandom(5, 'airports')
  const airports = Array.from({ length: 30 }, (_, i) => ({
    airport: `airport ${i}`,
    region: `region ${i % 7}`,
  }))
  const rows = Array.from({ length: 900 }, () => ({
    ...random.pick(airports),
    strikes: random.integer(0, 9),
  }))
  const regions = new Map(airports.map(({ airport, region }) => [airport, region]))
  const { make, supports } = await learn(rows, { kinds: { airport: 'category', region: 'category' } })
  const agree = (row: Row): boolean => regions.get(String(row['airport'])) === row['region']
  expect((await make(1000)).every(agree)).toBe(true)
  expect((await make(100, { airport: 'airport 3' })).every(agree)).toBe(true)
  expect((await make(100, { region: 'region 2' })).every(agree)).toBe(true)
  expect(supports({ airport: 'airport 3', region: 'region 2' })).toContain("only with 'region' region 3")
})

test('dates keep their form and range', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    day: new Date(Date.UTC(2019, 0, 1 + i * 3)).toISOString().slice(0, 10),
    moment: new Date(Date.UTC(2019, 0, 1, i)).toISOString().replace('.000', ''),
  }))
  const made = await (await learn(rows, { kinds: { day: 'date', moment: 'date' } })).make(300)
  expect(made.every(({ day }) => /^\d{4}-\d\d-\d\d$/.test(String(day)))).toBe(true)
  expect(made.every(({ moment }) => /^2019-01-0\dT\d\d:\d\d:\d\dZ$/.test(String(moment)))).toBe(true)
  expect(made.every(({ day }) => String(day) > '2019-01-01' && String(day) < '2020-08-21')).toBe(true)
})

test('ids are new, and of the kind of the real ones', async () => {
  const rows = patients(60).map((row, i) => ({ key: i + 1000, code: `synthetic-${i}`, ...row }))
  const made = await (await learn(rows, { kinds: { key: 'id', code: 'id' } })).make(500)
  expect(made.every(({ key }) => typeof key === 'number' && key > 1059)).toBe(true)
  const codes = new Set(made.map(({ code }) => code))
  expect(codes.size).toBe(500)
  expect(rows.some(({ code }) => codes.has(code))).toBe(false)
})

test('a column of nulls and a constant one stay so', async () => {
  const rows = patients(50).map(row => ({ ...row, nothing: null, same: 'x', number: 3 }))
  for (const kind of ['category', 'real', 'text', 'date'] as const) {
    const made = await (await learn(rows, { kinds: { nothing: kind } })).make(40)
    expect(made.every(row => row['nothing'] === null && row['same'] === 'x' && row['number'] === 3)).toBe(
      true,
    )
  }
})

test('one row is enough where nothing is rare, and too few rows are refused', async () => {
  const row = { a: 'x', b: 1.5, c: true, d: '2020-02-02', e: null }
  const { make } = await learn([row], {
    kinds: { a: 'category', d: 'date', e: 'real' },
    options: { rare: 1 },
  })
  expect(await make(2)).toEqual([row, row])
  await expect(learn([row])).rejects.toThrow(UserError)
  await expect(learn([], { options: { rare: 1 } })).rejects.toThrow('0 rows')
})

test('free text is refused with a way out, a text column of few texts learned', async () => {
  const rows = patients(60).map((row, i) => ({
    ...row,
    note: `a note of its own, number ${i} of many that were written`,
  }))
  await expect(learn(rows)).rejects.toThrow("column 'note' is free text")
  const few = patients(60).map((row, i) => ({
    ...row,
    note: i % 2 ? 'seen by the doctor on duty' : 'sent home',
  }))
  const made = await (await learn(few, { kinds: { note: 'text' } })).make(20)
  expect(made.every(({ note }) => note === 'sent home' || note === 'seen by the doctor on duty')).toBe(true)
})

const isLarge = (row: Row): boolean => Number(String(row['shop']).slice(5)) % 2 === 1

test('thousands of categories are learned and drawn', async () => {
  const random = createRandom(11, 'shops')
  const rows = Array.from({ length: 30_000 }, () => {
    const shop = random.integer(0, 4999)
    return {
      shop: `shop ${shop}`,
      size: shop % 2 ? 'large' : 'small',
      sales: random.integer(0, 50) + (shop % 2) * 100,
    }
  })
  const made = await (await learn(rows, { kinds: { shop: 'category' } })).make(3000)
  expect(made.every(row => (row['size'] === 'large') === isLarge(row))).toBe(true)
  expect(new Set(made.map(({ shop }) => shop)).size).toBeGreaterThan(1500)
})

test('an unknown column of `first` and a number that is none are refused with the place', async () => {
  await expect(learn(patients(20), { options: { first: ['ago'] } })).rejects.toThrow(
    "`first` names the column 'ago'",
  )
  const rows = [...patients(20), { state: 'ill', cough: true, temperature: 38, age: 'old' }]
  await expect(learn(rows, { kinds: { age: 'integer' } })).rejects.toThrow(
    "made:21: column 'age' holds 'old'",
  )
})

test('fitting and making stop when told to', async () => {
  const context = createContext({ seed: 1, name: 'stopped', signal: AbortSignal.abort() })
  const rows = trace(patients(50))
  const options = recordsOptions.parse({})
  await expect(recordsGenerator.fit(options, { rows, schema: inferSchema(rows) }, context)).rejects.toThrow(
    /abort/i,
  )
  const { fitted } = await learn(patients(50))
  await expect(recordsGenerator.make(options, fitted, { cell: {}, count: 5 }, context)).rejects.toThrow(
    /abort/i,
  )
})
