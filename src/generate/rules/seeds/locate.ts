import type { Value } from '../../../data/row.ts'
import { capitalOf, pluralOf, singularOf, titleOf } from '../inflect.ts'
import { numeralOf } from './numeral.ts'
import type { Mark, SlotForm } from './seed.ts'

/** A value of the answer: `key` names it, `slot` what kind of value it is. */
export interface AnswerValue {
  readonly key: string
  readonly slot: string
  readonly value: Value
}

interface Place {
  readonly start: number
  readonly end: number
}

/**
 * Looks for the values of an answer in the text: as they stand, in other case, with other blanks or hyphens, in plural or
 * singular, numbers as words. Longer values go first, and all places of a value are marked. Values that are not there, and
 * true and false, come back as `fixed`; missing ones are neither.
 */
export function locateAnswer(
  text: string,
  values: readonly AnswerValue[],
): { readonly marks: readonly Mark[]; readonly fixed: Readonly<Record<string, Value>> } {
  const marks: Mark[] = []
  const fixed: Record<string, Value> = {}
  for (const answer of values.toSorted((a, b) => String(b.value).length - String(a.value).length)) {
    if (answer.value === null || answer.value === '') continue
    const found = typeof answer.value === 'boolean' ? [] : locateValue(text, answer, marks)
    if (found.length === 0) fixed[answer.key] = answer.value
    marks.push(...found)
  }
  return { marks: marks.toSorted((a, b) => a.start - b.start), fixed }
}

function locateValue(
  text: string,
  { key, slot, value }: AnswerValue,
  taken: readonly Mark[],
): readonly Mark[] {
  for (const { surface, forms } of surfacesOf(value)) {
    const places = placesOf(text, surface).filter(place =>
      taken.every(({ start, end }) => place.end <= start || place.start >= end),
    )
    if (places.length === 0) continue
    return places.map(({ start, end }) => {
      const letterCase = caseForm(text.slice(start, end), surface)
      return { start, end, slot, key, value, forms: letterCase === null ? forms : [...forms, letterCase] }
    })
  }
  return []
}

function surfacesOf(value: Value): readonly { surface: string; forms: readonly SlotForm[] }[] {
  const written = String(value)
  const numeral = written.trim() === '' ? null : numeralOf(Number(written))
  const surfaces: { surface: string; forms: readonly SlotForm[] }[] = [{ surface: written, forms: [] }]
  if (numeral !== null) surfaces.push({ surface: numeral, forms: ['numeral'] })
  else {
    surfaces.push(
      { surface: pluralOf(written), forms: ['plural'] },
      { surface: singularOf(written), forms: ['singular'] },
    )
  }
  return surfaces.filter(({ surface }, index) => index === 0 || surface !== written)
}

/** Whole words only, whatever their case; blanks and hyphens stand for one another. */
function placesOf(text: string, surface: string): readonly Place[] {
  const words = surface.trim().split(/[\s-]+/u)
  const pattern = words.map(word => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('[\\s-]+')
  if (pattern === '') return []
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'giu')
  return [...text.matchAll(whole)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }))
}

/** The form that makes the wanted text out of the surface, where it is one of case. */
function caseForm(wanted: string, surface: string): SlotForm | null {
  if (wanted === surface) return null
  if (wanted === surface.toLowerCase()) return 'lower'
  if (wanted === surface.toUpperCase()) return 'upper'
  if (wanted === capitalOf(surface)) return 'capital'
  return wanted === titleOf(surface) ? 'title' : null
}

/** The values in a JSON answer: `key` is the path to it, `slot` the path without places in lists. Throws where it is no JSON. */
export function leavesOf(json: string): readonly AnswerValue[] {
  const walk = (value: unknown, path: readonly string[], slot: readonly string[]): AnswerValue[] => {
    if (Array.isArray(value)) {
      return value.flatMap((inner, index) => walk(inner, [...path, String(index)], slot))
    }
    if (value !== null && typeof value === 'object') {
      return Object.entries(value).flatMap(([name, inner]) => walk(inner, [...path, name], [...slot, name]))
    }
    return [{ key: path.join('.'), slot: slot.join('.'), value: value as Value }]
  }
  return walk(JSON.parse(json), [], [])
}

/** The JSON answer with other values at some paths. */
export function fillAnswer(json: string, values: Readonly<Record<string, Value>>): string {
  const fill = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((inner, index) => fill(inner, [...path, String(index)]))
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, fill(inner, [...path, name])]),
      )
    }
    return values[path.join('.')] ?? null
  }
  return JSON.stringify(fill(JSON.parse(json), []))
}
