/** Luhn's checksum (ISO/IEC 7812-1) of a text of digits. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const weighed = place % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

/** Sum of the digits, each times the weight of its place; places beyond the weights do not count. */
export function weighedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0)
}

/** The remainder of a number of any length, given as digits and letters (A = 10 ... Z = 35). */
export function remainderOf(text: string, divisor: number): number {
  let remainder = 0
  for (const character of text) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % divisor
  }
  return remainder
}

/** The hybrid system modulo 11 and 10 of ISO 7064, its check digit last. */
export function passesIso7064(digits: string): boolean {
  let product = 10
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (11 - product) % 10 === Number(digits.at(-1))
}

/** Products in the dihedral group of order ten: of r and s < 5, r + s; all else turned as the group has it. */
function dihedral(a: number, b: number): number {
  const turn = a < 5 ? (a + b) % 5 : (a - b + 5) % 5
  return a < 5 === b < 5 ? turn : turn + 5
}

/** Verhoeff's permutation, applied as often as the place says. */
const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

/** Verhoeff's checksum (1969), which finds every single wrong digit and every swap of neighbours; its check digit last. */
export function passesVerhoeff(digits: string): boolean {
  let check = 0
  for (let place = 0; place < digits.length; place++) {
    let digit = Number(digits[digits.length - 1 - place])
    for (let times = place % 8; times > 0; times--) digit = permutation[digit]!
    check = dihedral(check, digit)
  }
  return check === 0
}
