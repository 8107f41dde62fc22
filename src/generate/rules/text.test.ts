import { expect, test } from 'vitest'
import { createRandom } from '../../data/random.ts'
import type { Row } from '../../data/row.ts'
import { mistakeIn, parseText } from './text-syntax.ts'
import { writeText } from './text-write.ts'

const lists: Readonly<Record<string, string>> = { cities: '{Oslo|Ålesund}', loud: '{species:upper}' }

const drawEntry = (name: string) => parseText(lists[name]!)

function write(text: string, row: Row = {}, seed = 1): string | null {
  return writeText(parseText(text), { row, random: createRandom(seed, 'text'), drawEntry })
}
/** How often each text is written among 4,000 draws of one stream. */
function shares(text: string, row: Row = {}): Readonly<Record<string, number>> {
  const random = createRandom(5, 'shares')
  const counts: Record<string, number> = {}
  const pieces = parseText(text)
  for (let draw = 0; draw < 4000; draw++) {
    const written = String(writeText(pieces, { row, random, drawEntry: () => null }))
    counts[written] = (counts[written] ?? 0) + 1 / 4000
  }
  return counts
}

test.each([
  ['A {size} bird', 'A Small bird'],
  [
    '{size:lower} {size:upper} {place:title} {place:capital}',
    'small SMALL Lake Of The Woods Lake of the woods',
  ],
  ['{a:species} and {a:aircraft}', 'an American crow and an MD-80'],
  [
    '{one} {species:lower:plural(one)}, {birds} {species:lower:plural(birds)}',
    '1 american crow, 3 american crows',
  ],
  ['{@loud} {a:species:lower}', 'AMERICAN CROW an american crow'],
  [String.raw`\{size\} \[x\] 2 * 3 | \\`, '{size} [x] 2 * 3 | \\'],
  ['{Wildlife Size}', 'Big'],
])('%j is written as %j', (text, written) => {
  const row = {
    size: 'Small',
    species: 'American crow',
    aircraft: 'MD-80',
    place: 'lake of the woods',
    one: 1,
    birds: 3,
    'Wildlife Size': 'Big',
  }
  expect(write(text, row)).toBe(written)
})

/** Chi-square with one degree of freedom; 10.83 is passed once in a thousand. */
function surprise(share: number | undefined, expected: number): number {
  return ((share ?? 0) - expected) ** 2 / ((expected * (1 - expected)) / 4000)
}

test('alternatives come in proportion to their weights, nested ones too', () => {
  const found = shares('{hit|struck*3|{met|saw}*4}')
  expect(surprise(found['hit'], 1 / 8)).toBeLessThan(10.83)
  expect(surprise(found['struck'], 3 / 8)).toBeLessThan(10.83)
  expect(surprise(found['met'], 2 / 8)).toBeLessThan(10.83)
  expect(surprise(found['saw'], 2 / 8)).toBeLessThan(10.83)
})

test('an optional part is there every second time, or as often as it says', () => {
  expect(surprise(shares('Hit[ hard]')['Hit hard'], 0.5)).toBeLessThan(10.83)
  expect(surprise(shares('Hit[ hard*0.9]')['Hit hard'], 0.9)).toBeLessThan(10.83)
})

test('a part with a missing value is left out, and in the end the whole text', () => {
  const row = { speed: null, phase: 'Climb' }
  expect(shares('Hit[ at {speed} knots*1].', row)).toEqual({ 'Hit.': expect.closeTo(1) })
  expect(shares('Hit {at {speed}*9|in {phase}}', row)).toEqual({ 'Hit in Climb': expect.closeTo(1) })
  expect(write('Hit at {speed}', row)).toBeNull()
})

test('blanks that a left-out part leaves are closed up', () => {
  expect(write('Hit [ hard*0] , then [it landed*0] .')).toBe('Hit, then.')
})

test('Faker fills a slot from the stream alone', () => {
  const city = write('{faker:location.city}', {}, 3)
  expect(city).toBe(write('{faker:location.city}', {}, 3))
  expect(new Set([1, 2, 3, 4, 5].map(seed => write('{faker:location.city}', {}, seed))).size).toBeGreaterThan(
    1,
  )
  expect(write('{faker:date.past}', {}, 1)).toMatch(/^\d{4}-\d\d-\d\d$/)
})

test.each([
  ['Hit {species', 'at character 5, before "{species": "{" is not closed'],
  ['Hit [hard', 'at character 5, before "[hard": "[" is not closed'],
  ['Hit } it', 'at character 5, before "} it": "}" closes nothing (write \\} for the character itself)'],
  ['{species:lowr}', 'at character 1, before "{species:lowr}": "lowr" is no form. Did you mean "lower"?'],
  ['{}', 'at character 1, before "{}": the braces hold no name'],
  ['{a{b}}', 'at character 1, before "{a{b}}": braces hold the name of a column, or alternatives'],
  ['x {a*2}', 'at character 3, before "{a*2}": "{a*2}" is one alternative alone, and needs no weight'],
  ['[x*2]', 'at character 1, before "[x*2]": the chance *2 of an optional part is above 1'],
  ['{a*0|b*0}', 'at character 1, before "{a*0|b*0}": all alternatives have the weight 0'],
  ['{faker:city}', 'at character 1, before "{faker:city}": a Faker method is written {faker:location.city}'],
  ['\\n', 'at character 1, before "\\n": "\\" stands only before'],
])('the mistake in %j is shown where it is', (text, mistake) => {
  expect(mistakeIn(text)).toContain(mistake)
})
