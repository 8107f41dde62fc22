import type { Path } from './mistake.ts'

/** A value as it can be sent between threads, and the places of the functions in it, which cannot. */
export interface Packed {
  readonly value: unknown
  readonly functions: readonly Path[]
}

/** Makes a copy of a value that can be sent: functions are taken out, and what else cannot be sent is empty. */
export function packValue(value: unknown): Packed {
  const functions: Path[] = []
  const copies = new Map<object, unknown>()
  const copy = (part: unknown, path: Path): unknown => {
    if (typeof part === 'function') functions.push(path)
    if (typeof part === 'function' || typeof part === 'symbol') return undefined
    if (typeof part !== 'object' || part === null) return part
    if (copies.has(part)) return copies.get(part)
    const kind: unknown = Object.getPrototypeOf(part)
    if (Array.isArray(part)) {
      const list: unknown[] = []
      copies.set(part, list)
      for (const [index, item] of part.entries()) list.push(copy(item, [...path, index]))
      return list
    }
    if (kind !== Object.prototype && kind !== null) return sendable(part)
    const group: Record<string, unknown> = {}
    copies.set(part, group)
    for (const [name, member] of Object.entries(part)) group[name] = copy(member, [...path, name])
    return group
  }
  return { value: copy(value, []), functions }
}

/** The value that was packed, with functions in their places again, though none of them is the one that was there. */
export function unpackValue({ value, functions }: Packed): unknown {
  const whole = { value }
  for (const path of functions) {
    const places: readonly (string | number)[] = ['value', ...path]
    let holder: Record<string | number, unknown> = whole
    for (const segment of places.slice(0, -1)) holder = holder[segment] as Record<string | number, unknown>
    holder[places.at(-1)!] = () => {}
  }
  return whole.value
}

function sendable(value: object): unknown {
  try {
    return structuredClone(value)
  } catch {
    return {}
  }
}
