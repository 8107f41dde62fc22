import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { findNationalNumber } from './national-numbers.ts'

// Numbers drawn at random until python-stdnum 2.2 (stdnum.<country>.<kind>.is_valid), an independent implementation, took
// them; the British one is the example of HM Revenue & Customs with a prefix that is given out.
const planted: readonly (readonly [string, string])[] = [
  ['DNI 61808271A', 'Spain'],
  ['94294478-K', 'Spain'],
  ['su NIE es Y2145508J.', 'Spain'],
  ['X-6114143-F', 'Spain'],
  ['ILHCET56P18S485L', 'Italy'],
  ['codice fiscale luaepp00l21w613v', 'Italy'],
  ['142121222339089', 'France'],
  ['2 73 02 40 177 239 08', 'France'],
  ['160643-5898', 'Finland'],
  ['(080476-734N)', 'Finland'],
  ['11129918723', 'Norway'],
  ['250668 46078', 'Norway'],
  ['730817-3538', 'Sweden'],
  ['19940117-7978', 'Sweden'],
  ['79.01.27-582.80', 'Belgium'],
  ['89070765187', 'Belgium'],
  ['756.1040.9770.33', 'Switzerland'],
  ['7566691359566', 'Switzerland'],
  ['663.051.292-82', 'Brazil'],
  ['cpf 60742935540', 'Brazil'],
  ['110105199607029189', 'China'],
  ['611109-1218228', 'South Korea'],
  ['AB123456C', 'United Kingdom'],
  ['my NINO is AB 12 34 56 C', 'United Kingdom'],
  ['943-91-5000', 'United States'],
  ['SSN: 291 41 7776', 'United States'],
  ['her social security number is 317066907', 'United States'],
  ['Steuer-ID 72 853 614 332', 'Germany'],
  ['IdNr. 13785666942', 'Germany'],
  ['BSN: 205052253', 'Netherlands'],
  ['burgerservicenummer 931 325 353', 'Netherlands'],
  ['PESEL 44080683216', 'Poland'],
  ['CPR-nr. 240499-0083', 'Denmark'],
  ['SIN 370 604 860', 'Canada'],
  ['social insurance number: 542-465-091', 'Canada'],
  ['Aadhaar 2042 0769 6568', 'India'],
  ['NIF 915132354', 'Portugal'],
  ['PPS number 9922221L', 'Ireland'],
  ['TC kimlik 16864729698', 'Turkey'],
  ['ID number 8301251786012', 'South Africa'],
  ['TFN 679 465 352', 'Australia'],
  ['CNP 1620404823754', 'Romania'],
  ['NHS number 785 225 3326', 'United Kingdom'],
  ['SVNR 5935 271175', 'Austria'],
]

test.each(planted)('%j holds a number of %s', (text, country) => {
  expect(findNationalNumber(text)).toBe(country)
})

const unchecked = new Set(['United States', 'South Korea', 'Denmark'])
const checked = planted.filter(([text, country]) => !unchecked.has(country) && !text.includes('AB'))

test.each(checked)('%j holds none with one digit changed', (text, country) => {
  // A digit that is part of no date, so that it is the checksum that tells; the Austrian one has its date last.
  const place = [...text.matchAll(/\d/gu)].at(country === 'Austria' ? -9 : -4)!.index
  const changed = `${text.slice(0, place)}${(Number(text[place]) + 1) % 10}${text.slice(place + 1)}`
  expect(findNationalNumber(changed)).toBeUndefined()
})

const harmless = [
  'order 205052253 of 915132354',
  'parcel 80041446919',
  '2042 0769 6568',
  'invoice 8301251786012',
  'part AB123456E, lot GB123456A, QQ123456C',
  'part number 61808271B',
  'seen at 1620404823754 ms',
  '2019-2020-2021',
  '1990-01-11T08:30:00',
  'call 555 0187 or 555 0188',
  'cost 1234567.89, then 12345678.9',
  'ISBN 9783161484100',
  'EAN 4006381333931',
  'the SSN form has 123 pages and 45 lines',
  'hash 0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  'IMO 9074729, MMSI 235012345',
  'tail N12345A, engine 12345678Q',
]

test.each(harmless)('%j holds none', text => {
  expect(findNationalNumber(text)).toBeUndefined()
})

test('of numbers made at random, without a word that announces one, hardly any is taken for one', () => {
  const random = createRandom(1, 'numbers')
  const taken = new Map<number, number>()
  for (let length = 7; length <= 18; length++) {
    let count = 0
    for (let number = 0; number < 2_000; number++) {
      const digits = Array.from({ length }, () => random.integer(0, 9)).join('')
      if (findNationalNumber(`order ${digits} was sent`) !== undefined) count++
    }
    taken.set(length, count / 2_000)
  }
  // By their rules, of 11 digits: 62 * 12 / 100^2 dates of 1 / 121 (Norway) and 31 * 12 / 100^2 of 2 / 97 (Belgium); of 13:
  // 1 / 1000 of 1 / 10 (Switzerland); of 15: 2 / 10 of 42 / 100 of 1 / 100 (France); of all others none.
  for (const [length, share] of taken) {
    const expected = { 11: 0.0014, 13: 0.0001, 15: 0.0009 }[length] ?? 0
    expect({ length, share }).toSatisfy(() => share <= expected + 6 * Math.sqrt(expected / 2_000))
  }
})
