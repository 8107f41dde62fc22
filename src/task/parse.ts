import type { Value } from '../data/row.ts'
import { labelsOf } from './labels.ts'
import type { Task } from './task.ts'

/** A task's answer as data: a label or text, a number, or the fields of an object. */
export type Answer = string | number | Readonly<Record<string, Value>>

/** Reads an answer out of text, or gives null where there is none of the task's kind in it. */
export function parseAnswer(task: Task, text: string): Answer | null {
  switch (task.kind) {
    case 'label':
      return parseLabel(labelsOf(task), text)
    case 'fields':
      return parseFields(text)
    case 'number':
      return parseNumber(text)
    case 'text':
    case 'chat':
      return text.trim() === '' ? null : text.trim()
  }
}

/** The label itself, or the only one that is equal but for case, blanks and outer quotes or punctuation. */
function parseLabel(labels: readonly string[], text: string): string | null {
  if (labels.includes(text)) return text
  const wanted = plainLabel(text)
  const equal = labels.filter(label => plainLabel(label) === wanted)
  return equal.length === 1 ? equal[0]! : null
}

function plainLabel(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '')
}

/** A flat JSON object, alone or in a Markdown code fence. */
function parseFields(text: string): Readonly<Record<string, Value>> | null {
  const fenced = /^\s*```(?:json)?\s*\n?(.*?)\n?\s*```\s*$/su.exec(text)
  let parsed: unknown
  try {
    parsed = JSON.parse(fenced?.[1] ?? text)
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  const flat = Object.values(parsed).every(value => value === null || typeof value !== 'object')
  return flat ? (parsed as Record<string, Value>) : null
}

/** The only number in the text, with or without a unit and commas between thousands. */
function parseNumber(text: string): number | null {
  const found = text
    .match(/[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?/giu)
    ?.filter(part => /\d/u.test(part))
  if (found?.length !== 1) return null
  const number = Number(found[0]!.replaceAll(',', ''))
  return Number.isFinite(number) ? number : null
}
