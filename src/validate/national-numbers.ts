import { passesIso7064, passesLuhn, passesVerhoeff, remainderOf, weighedSum } from './checksum.ts'

/** A number by which a state knows a person. */
interface NationalNumber {
  readonly country: string
  readonly shape: RegExp
  /** Of the match without blanks, points, hyphens and slashes. */
  isValid(number: string): boolean
  /**
   * Words of which one stands shortly before. Left out where shape and checks together are rare enough: an order number of
   * nine digits passes a checksum modulo 11 once in eleven times.
   */
  readonly announced?: RegExp
}

/** Not inside a longer number, a word or a code. */
function shape(pattern: string, flags = 'gu'): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}_.+-])(?:${pattern})(?![\p{L}\p{N}_]|[.:,-]\p{N})`, flags)
}

const elevenDigits = shape(String.raw`\d{11}|\d{2} \d{3} \d{3} \d{3}|\d{3}[ .]\d{3}[ .]\d{3}[ .-]\d{2}`)
const nineDigits = shape(String.raw`\d{9}|\d{3}([ -])\d{3}\1\d{3}`)

/** Two digits each at these places; the year decides nothing but the leap day. */
function isDate(number: string, places: { day: number; month: number }): boolean {
  const day = Number(number.slice(places.day, places.day + 2))
  const month = Number(number.slice(places.month, places.month + 2))
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!
  )
}

/** Check digit of a sum of weights: what is missing to a multiple of eleven, 10 and 11 being written as 0. */
function isRest11(sum: number, check: string | undefined): boolean {
  const rest = (11 - (sum % 11)) % 11
  return (rest === 10 ? 0 : rest) === Number(check)
}

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE'
const hetuSigns = '0123456789ABCDEFHJKLMNPRSTUVWXY'
const ppsLetters = 'WABCDEFGHIJKLMNOPQRSTUV'

/** Values of the characters at odd places of a codice fiscale, 0 to 9 and A to Z (decree of 23 December 1976). */
const oddValues = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]

function isCodiceFiscale(text: string): boolean {
  const number = text.toUpperCase()
  let sum = 0
  for (let place = 0; place < 15; place++) {
    const value = Number.parseInt(number[place]!, 36)
    const index = value > 9 ? value - 10 : value
    sum += place % 2 === 0 ? oddValues[index]! : index
  }
  return number[15] === String.fromCharCode(65 + (sum % 26))
}

/** A tax number's first ten digits hold one digit two or three times and the rest once at most. */
function isSteuerId(number: string): boolean {
  const counts = [...Map.groupBy(number.slice(0, 10), digit => digit).values()].map(({ length }) => length)
  const repeated = counts.filter(count => count > 1)
  return number[0] !== '0' && repeated.length === 1 && repeated[0]! <= 3 && passesIso7064(number)
}

function isCpf(number: string): boolean {
  if (/^(\d)\1*$/u.test(number)) return false
  const first = weighedSum(number, [10, 9, 8, 7, 6, 5, 4, 3, 2])
  const second = weighedSum(number, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
  return isRest11(first, number[9]) && isRest11(second, number[10])
}

/** Of people who only stay for a while, the day is 40 more. */
function isFodselsnummer(number: string): boolean {
  const born = String(Number(number[0]) % 4) + number.slice(1)
  const first = (11 - (weighedSum(number, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11
  const second = (11 - (weighedSum(number, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
  return isDate(born, { day: 0, month: 2 }) && first === Number(number[9]) && second === Number(number[10])
}

function isBelgian(number: string): boolean {
  const check = Number(number.slice(9))
  const body = number.slice(0, 9)
  const checked = 97 - remainderOf(body, 97) === check || 97 - remainderOf(`2${body}`, 97) === check
  return checked && isDate(number, { day: 4, month: 2 })
}

function isTurkish(number: string): boolean {
  const odd = weighedSum(number, [1, 0, 1, 0, 1, 0, 1, 0, 1])
  const even = weighedSum(number, [0, 1, 0, 1, 0, 1, 0, 1])
  const all = weighedSum(number, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
  const tenth = (((odd * 7 - even) % 10) + 10) % 10
  return number[0] !== '0' && tenth === Number(number[9]) && all % 10 === Number(number[10])
}

function isResidentNumber(number: string): boolean {
  const sum = weighedSum(number, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
  return isDate(number, { day: 12, month: 10 }) && '10X98765432'[sum % 11] === number[17]
}

const numbers: readonly NationalNumber[] = [
  {
    country: 'Spain',
    shape: shape(String.raw`(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]`),
    isValid: number =>
      dniLetters[
        remainderOf(
          number.slice(0, -1).replace(/^[XYZ]/u, letter => String('XYZ'.indexOf(letter))),
          23,
        )
      ] === number.at(-1),
  },
  {
    country: 'Italy',
    shape: shape(String.raw`[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]`, 'giu'),
    isValid: isCodiceFiscale,
  },
  {
    country: 'France',
    shape: shape(String.raw`[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-4]\d) ?\d{2} ?\d{3} ?\d{3} ?\d{2}`),
    isValid: number => 97 - remainderOf(number.slice(0, 13), 97) === Number(number.slice(13)),
  },
  {
    country: 'Finland',
    shape: shape(String.raw`\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]`),
    isValid: number => {
      const [date, rest] = [number.slice(0, 6), number.slice(-4)]
      return isDate(date, { day: 0, month: 2 }) && hetuSigns[Number(date + rest.slice(0, 3)) % 31] === rest[3]
    },
  },
  { country: 'Norway', shape: shape(String.raw`\d{6} ?\d{5}`), isValid: isFodselsnummer },
  {
    country: 'Sweden',
    shape: shape(String.raw`(?:19|20)?\d{6}[-+]\d{4}`),
    isValid: number => {
      const short = number.replaceAll('+', '').slice(-10)
      return isDate(short, { day: 4, month: 2 }) && passesLuhn(short)
    },
  },
  {
    country: 'Belgium',
    shape: shape(String.raw`\d{11}|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}`),
    isValid: isBelgian,
  },
  {
    country: 'Switzerland',
    shape: shape(String.raw`756\.?\d{4}\.?\d{4}\.?\d{2}`),
    isValid: number => weighedSum(number, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  },
  { country: 'Brazil', shape: shape(String.raw`\d{3}\.\d{3}\.\d{3}-\d{2}`), isValid: isCpf },
  { country: 'China', shape: shape(String.raw`[1-9]\d{5}(?:19|20)\d{9}[\dX]`), isValid: isResidentNumber },
  {
    country: 'South Korea',
    shape: shape(String.raw`\d{6}-[1-8]\d{6}`),
    isValid: number => isDate(number, { day: 4, month: 2 }),
  },
  {
    country: 'United Kingdom',
    shape: shape(
      String.raw`(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:\d{6}| \d{2} \d{2} \d{2} )[A-D]`,
    ),
    isValid: () => true,
  },
  {
    country: 'United States',
    shape: shape(String.raw`9\d\d-(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])-\d{4}`),
    isValid: () => true,
  },
  {
    country: 'United States',
    shape: shape(String.raw`(?!000|666|9)\d{3} ?(?!00)\d{2} ?(?!0000)\d{4}`),
    isValid: () => true,
    announced: /\bssn\b|social security/iu,
  },
  {
    country: 'Germany',
    shape: elevenDigits,
    isValid: isSteuerId,
    announced: /steuer|\bid-?nr\b|\btax\b|\btin\b/iu,
  },
  {
    country: 'Netherlands',
    shape: nineDigits,
    isValid: number => weighedSum(number, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
    announced: /\bbsn\b|burgerservice|sofi/iu,
  },
  {
    country: 'Poland',
    shape: elevenDigits,
    isValid: number => weighedSum(number, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
    announced: /pesel/iu,
  },
  {
    country: 'Denmark',
    shape: shape(String.raw`\d{6}-?\d{4}`),
    isValid: number => isDate(number, { day: 0, month: 2 }),
    announced: /\bcpr\b|personnummer/iu,
  },
  { country: 'Brazil', shape: elevenDigits, isValid: isCpf, announced: /\bcpf\b/iu },
  {
    country: 'Canada',
    shape: nineDigits,
    isValid: passesLuhn,
    announced: /\bSIN\b|\bNAS\b|social insurance|assurance sociale/u,
  },
  {
    country: 'India',
    shape: shape(String.raw`[2-9]\d{3}([ -]?)\d{4}\1\d{4}`),
    isValid: passesVerhoeff,
    announced: /aadha+r|\buid\b|\buidai\b/iu,
  },
  {
    country: 'Portugal',
    shape: nineDigits,
    isValid: number => isRest11(weighedSum(number, [9, 8, 7, 6, 5, 4, 3, 2]), number[8]),
    announced: /\bnif\b|contribuinte/iu,
  },
  {
    country: 'Ireland',
    shape: shape(String.raw`\d{7}[A-W][A-IW]?`),
    isValid: number => {
      const second = number[8] === undefined ? 0 : ppsLetters.indexOf(number[8])
      return ppsLetters[(weighedSum(number, [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23] === number[7]
    },
    announced: /\bppsn?\b|public service/iu,
  },
  {
    country: 'Turkey',
    shape: elevenDigits,
    isValid: isTurkish,
    announced: /kimlik|\btckn?\b|\bt\.?c\.? no/iu,
  },
  {
    country: 'South Africa',
    shape: shape(String.raw`\d{13}|\d{6} \d{4} \d{3}`),
    isValid: number => isDate(number, { day: 4, month: 2 }) && passesLuhn(number),
    announced: /\bid\b|identity/iu,
  },
  {
    country: 'Australia',
    shape: nineDigits,
    isValid: number => weighedSum(number, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
    announced: /\btfn\b|tax file/iu,
  },
  {
    country: 'Romania',
    shape: shape(String.raw`[1-8]\d{12}`),
    isValid: number => {
      const rest = weighedSum(number, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
      return isDate(number, { day: 5, month: 3 }) && (rest === 10 ? 1 : rest) === Number(number[12])
    },
    announced: /\bcnp\b/iu,
  },
  {
    country: 'United Kingdom',
    shape: shape(String.raw`\d{10}|\d{3}([ -])\d{3}\1\d{4}`),
    isValid: number =>
      (11 - (weighedSum(number, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(number[9]),
    announced: /\bnhs\b/iu,
  },
  {
    country: 'Austria',
    shape: shape(String.raw`\d{4} ?\d{6}`),
    isValid: number => weighedSum(number, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(number[3]),
    announced: /sozialversicherung|\bsv-?nr|\bsvnr/iu,
  },
]

/** What a word announces is looked for before what only looks like a number of another country. */
const inTurn = [...numbers].sort(
  (a, b) => Number(b.announced !== undefined) - Number(a.announced !== undefined),
)

/** Characters before a number in which the word stands that announces it. */
const near = 40

/**
 * The country whose national number a text holds, or undefined: by shape and, where the number has one, checksum; those that
 * any other number may look like, behind a word that says what they are alone.
 */
export function findNationalNumber(text: string): string | undefined {
  for (const { country, shape: pattern, isValid, announced } of inTurn) {
    if (announced !== undefined && !announced.test(text)) continue
    for (const found of text.matchAll(pattern)) {
      if (
        announced !== undefined &&
        !announced.test(text.slice(Math.max(0, found.index - near), found.index))
      ) {
        continue
      }
      if (isValid(found[0].replaceAll(/[ ./-]/gu, ''))) return country
    }
  }
  return undefined
}
