import { isIPv6 } from 'node:net'
import type { Candidate } from './candidate.ts'
import { passesLuhn, remainderOf } from './checksum.ts'
import { ibanLengths } from './iban-lengths.ts'
import { findNationalNumber } from './national-numbers.ts'
import { passed, rejected, type Verdict } from './verdict.ts'

export type PersonalDataKind =
  | 'e-mail address'
  | 'phone number'
  | 'payment card'
  | 'bank account (IBAN)'
  | 'social security number'
  | 'IP address'
  | 'MAC address'
  | `national number (${string})`

/** A number that starts or ends inside a longer one, a word or a code is none: B-737-300, 1990-01-11, 3.212-555. */
const before = String.raw`(?<![\p{L}\p{N}_+@#/\\-])(?<!\p{N}[.:,])`
const after = String.raw`(?![\p{L}\p{N}_@/\\-]|[.:,]\p{N})`

const email =
  /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}@])/u
/** A plus sign or 00, then a country code and more digits (ITU-T E.164: at most 15). */
const internationalPhone = /(?<![\p{L}\p{N}.+])(?:\+|(?<!\d[ .-])00[ -]?)[1-9][\d ()./-]{6,24}/gu
/** (212) 555-0187, 212-555-0187, 212.555.0187, 1-212-555-0187; a space alone parts too many other figures. */
const americanPhone = new RegExp(
  `${before}(?:1[ .-])?(?:\\([2-9]\\d{2}\\) ?\\d{3}[ .-]\\d{4}|[2-9]\\d{2}([.-])\\d{3}\\1\\d{4})${after}`,
  'u',
)
/** Any digits right behind a word that announces a phone number. */
const announcedPhone =
  /\b(?:(?:tele|cell ?)?phone|cell:|fax|mobile|tel|whatsapp)(?: (?:no|number|nr))?\.?:?(?: is| was)? ?([\d(][\d ().-]{5,20}\d)/giu
/** Digits alone or in the groups that are printed on cards. */
const card = new RegExp(
  `${before}(?:\\d{13,19}|\\d{4}([ -])\\d{4}\\1\\d{4}\\1\\d{4}|\\d{4}([ -])\\d{6}\\2\\d{4,5})${after}`,
  'gu',
)
/** American Express, Visa, Mastercard, Discover, JCB, Diners Club, UnionPay and Maestro, each with its lengths. */
const cardIssuer =
  /^(?:3[47]\d{13}|4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14}|3(?:0[0-5]|[689]\d)\d{11}|62\d{14,17}|(?:5[0678]|6[37])\d{14})$/u
/** Looks ahead only, so that a word like it does not swallow the account behind it. */
const iban = /(?<![\p{L}\p{N}])(?=([A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}))/giu
const socialSecurity = new RegExp(`${before}(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}${after}`, 'u')
const ipv4 =
  /(?<![\p{L}\p{N}.-]|\b(?:v|version|release|section|rev) ?)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\p{L}\p{N}]|\.\d|-)/giu
const ipv6 = /(?<![\p{L}\p{N}:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\p{L}\p{N}:])/giu
const mac =
  /(?<![\p{L}\p{N}:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\p{L}\p{N}]|[:-][0-9a-f])/giu

/** As network gear prints it: 001a.2b3c.4d5e. */
const dottedMac = /(?<![\p{L}\p{N}.])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?![\p{L}\p{N}]|\.[0-9a-f])/giu
/** No national number has fewer. */
const hasSevenDigits = /(?:\d\D*){7}/u

/**
 * Which kinds of personal data a text holds, by pattern and, where the kind has one, by checksum: payment cards by
 * issuer prefix and Luhn's (ISO/IEC 7812-1), bank accounts by length and remainder 97 (ISO 13616), national numbers of 26
 * countries. Names and street
 * addresses have no pattern and are not found.
 */
export function findPersonalData(text: string): readonly PersonalDataKind[] {
  const found: PersonalDataKind[] = []
  if (text.includes('@') && email.test(text)) found.push('e-mail address')
  if (!/\d/u.test(text)) return found
  if (hasIban(text)) found.push('bank account (IBAN)')
  if (anyMatch(text, card, isCard)) found.push('payment card')
  if (socialSecurity.test(text)) found.push('social security number')
  if (hasPhone(text)) found.push('phone number')
  if (anyMatch(text, ipv4, isHostAddress) || anyMatch(text, ipv6, isLongAddress)) found.push('IP address')
  if (anyMatch(text, mac, hasLetterOrColon) || anyMatch(text, dottedMac, hasLetterOrColon))
    found.push('MAC address')
  const country = hasSevenDigits.test(text) ? findNationalNumber(text) : undefined
  if (country !== undefined) found.push(`national number (${country})`)
  return found
}

/** Whether a row or its rendering holds personal data. The detail names the kind and the place, never the data. */
export function checkPersonalData({ traced, examples }: Candidate): Verdict {
  for (const [column, value] of Object.entries(traced.row)) {
    if (typeof value !== 'string') continue
    const [kind] = findPersonalData(value)
    if (kind !== undefined) return rejected('personal-data', `${kind} in column ${column}`)
  }
  for (const example of examples) {
    for (const message of example.messages) {
      const [kind] = findPersonalData(message.content)
      if (kind === undefined) continue
      return rejected('personal-data', `${kind} in the ${message.role} message of task ${example.task}`)
    }
  }
  return passed
}

function anyMatch(text: string, pattern: RegExp, holds: (match: string) => boolean): boolean {
  for (const [match] of text.matchAll(pattern)) {
    if (holds(match)) return true
  }
  return false
}

function hasPhone(text: string): boolean {
  if (americanPhone.test(text) || anyMatch(text, internationalPhone, isInternational)) return true
  for (const [, number] of text.matchAll(announcedPhone)) {
    const date = /^(?:19|20)\d\d[-. ][01]?\d[-. ][0-3]?\d/u.test(number!)
    if (!date && digitsOf(number!).length >= 7) return true
  }
  return false
}

/** Not decimal numbers (+40.712776), and not record numbers padded with zeros (0012345678). */
function isInternational(match: string): boolean {
  const number = match.replace(/[^\d)]+$/u, '')
  const padded = /^\d+$/u.test(number)
  const decimal = /^\+\d+\.\d{5}/u.test(number)
  const run = /\d{16}/u.test(number)
  return !padded && !decimal && !run && digitsOf(number).replace(/^00/u, '').length >= 8
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/gu, '')
}

/** Issuer prefix and Luhn's checksum. */
function isCard(match: string): boolean {
  const digits = digitsOf(match)
  return cardIssuer.test(digits) && passesLuhn(digits)
}

function hasIban(text: string): boolean {
  for (const [, match] of text.matchAll(iban)) {
    if (isIban(match!.replaceAll(' ', '').toUpperCase())) return true
  }
  return false
}

/** Of text that may run on behind the account. */
function isIban(text: string): boolean {
  const length = ibanLengths.get(text.slice(0, 2))
  if (length === undefined || text.length < length) return false
  return remainderOf(text.slice(4, length) + text.slice(0, 4), 97) === 1
}

/** Version numbers have small parts; loopback, broadcast and the unspecified address name no machine. */
function isHostAddress(match: string): boolean {
  return /\d\d/u.test(match) && !/^(?:0|127|255)\./u.test(match)
}

function isLongAddress(match: string): boolean {
  return match.split(':').filter(group => group !== '').length >= 3 && isIPv6(match)
}

/** Decimal pairs between hyphens are as likely anything else. */
function hasLetterOrColon(match: string): boolean {
  return match.includes(':') || /[a-f]/iu.test(match)
}
