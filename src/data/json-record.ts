import { chatRow } from './chat.ts'
import type { Row, Value } from './row.ts'

/** Objects nested deeper than this stay JSON text. */
const DEEPEST = 8

/**
 * A JSON object as a flat row: a conversation becomes `messages`, `prompt` and `response` (see `chatRow`), members of
 * inner objects get dotted names, arrays become JSON text. Returns what is wrong as text where it cannot be.
 */
export function jsonRow(record: Readonly<Record<string, unknown>>): Row | string {
  const chat = chatRow(record)
  if (typeof chat === 'string') return chat
  if (chat === undefined && isFlat(record)) return record
  const flat = new Map<string, Value>(Object.entries(chat?.row ?? {}))
  const rest = Object.entries(record).filter(([name]) => chat === undefined || !chat.used.has(name))
  try {
    for (const [name, value] of rest) {
      const twice = flatten(name, value, flat, 1)
      if (twice !== undefined) return `two of its members make the column ${JSON.stringify(twice)}`
    }
  } catch (error) {
    // JSON.stringify has no more stack: the parser goes deeper than it does.
    if (error instanceof RangeError) return 'its values are nested too deeply'
    throw error
  }
  return Object.fromEntries(flat)
}

/** Puts a member into the row; returns the name where it is already taken. */
function flatten(name: string, value: unknown, flat: Map<string, Value>, depth: number): string | undefined {
  if (isObject(value) && depth <= DEEPEST) {
    for (const [inner, member] of Object.entries(value)) {
      const twice = flatten(`${name}.${inner}`, member, flat, depth + 1)
      if (twice !== undefined) return twice
    }
    return undefined
  }
  if (flat.has(name)) return name
  const missing = typeof value === 'number' && !Number.isFinite(value)
  flat.set(name, missing ? null : isScalar(value) ? value : JSON.stringify(value))
  return undefined
}

/** Most records are rows already: those need no copy. */
function isFlat(record: Readonly<Record<string, unknown>>): record is Row {
  for (const name in record) {
    const value = record[name]
    if (!isScalar(value) || (typeof value === 'number' && !Number.isFinite(value))) return false
  }
  return true
}

function isScalar(value: unknown): value is Value {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  )
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
