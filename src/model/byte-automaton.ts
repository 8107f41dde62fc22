/** A regular language over bytes. */
export type ByteExpression =
  /** One byte in any of the ranges, both ends included. */
  | { readonly kind: 'byte'; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'sequence'; readonly parts: readonly ByteExpression[] }
  | { readonly kind: 'either'; readonly parts: readonly ByteExpression[] }
  /** The part at least `least` times, and at most `most`, which may be Infinity. */
  | { readonly kind: 'repeat'; readonly part: ByteExpression; readonly least: number; readonly most: number }

export function bytes(...ranges: readonly (readonly [number, number])[]): ByteExpression {
  return { kind: 'byte', ranges }
}

export function sequence(...parts: readonly ByteExpression[]): ByteExpression {
  return { kind: 'sequence', parts }
}

export function either(...parts: readonly ByteExpression[]): ByteExpression {
  return { kind: 'either', parts }
}

export function repeat(part: ByteExpression, least: number, most = Infinity): ByteExpression {
  return { kind: 'repeat', part, least, most }
}

/** The UTF-8 bytes of a text. */
export function literal(text: string): ByteExpression {
  return sequence(...Array.from(new TextEncoder().encode(text), byte => bytes([byte, byte])))
}

/** A deterministic automaton, whose states are numbered as they are first reached; the start is 0. */
export interface ByteAutomaton {
  /** The state after a byte; -1 where no text of the language goes on with it. */
  step(state: number, byte: number): number
  /** Whether what was read so far is in the language. */
  accepts(state: number): boolean
}

interface Place {
  /** Where each range of bytes leads. */
  readonly moves: { readonly low: number; readonly high: number; readonly to: number }[]
  /** Places that are reached without a byte. */
  readonly jumps: number[]
}

const MOST_PLACES = 500_000

/**
 * Thompson's construction (1968), made deterministic as far as it is walked. Throws a RangeError for an expression that
 * unfolds into too many places.
 */
export function byteAutomaton(expression: ByteExpression): ByteAutomaton {
  const places: Place[] = []
  const newPlace = (): number => {
    if (places.length >= MOST_PLACES)
      throw new RangeError(`it is too large: its repetitions unfold into more than ${MOST_PLACES} places`)
    return places.push({ moves: [], jumps: [] }) - 1
  }
  const end = newPlace()
  const start = addExpression(expression, end, { places, newPlace })

  const sets: (readonly number[])[] = []
  const numbers = new Map<string, number>()
  const tables: Int32Array[] = []
  const numberOf = (set: readonly number[]): number => {
    if (set.length === 0) return -1
    const key = set.join()
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, sets.length)
    // -2: not walked yet.
    tables.push(new Int32Array(256).fill(-2))
    return sets.push(set) - 1
  }
  numberOf(closure(places, [start]))
  return {
    step(state, byte) {
      const table = tables[state]!
      if (table[byte] === -2) {
        const reached = sets[state]!.flatMap(place =>
          places[place]!.moves.filter(({ low, high }) => low <= byte && byte <= high).map(({ to }) => to),
        )
        table[byte] = numberOf(closure(places, reached))
      }
      return table[byte]!
    },
    accepts: state => sets[state]!.includes(end),
  }
}

/** Adds the places of an expression that ends in `to`, and returns where it starts. */
function addExpression(
  expression: ByteExpression,
  to: number,
  graph: { readonly places: Place[]; readonly newPlace: () => number },
): number {
  const { places, newPlace } = graph
  switch (expression.kind) {
    case 'byte': {
      const place = newPlace()
      for (const [low, high] of expression.ranges) places[place]!.moves.push({ low, high, to })
      return place
    }
    case 'sequence':
      return expression.parts.reduceRight((next, part) => addExpression(part, next, graph), to)
    case 'either': {
      const place = newPlace()
      for (const part of expression.parts) places[place]!.jumps.push(addExpression(part, to, graph))
      return place
    }
    case 'repeat': {
      const { part, least, most } = expression
      let next = to
      if (most === Infinity) {
        next = newPlace()
        places[next]!.jumps.push(to, addExpression(part, next, graph))
      }
      const optional = most === Infinity ? 0 : most - least
      for (let time = 0; time < optional; time++) {
        const place = newPlace()
        places[place]!.jumps.push(to, addExpression(part, next, graph))
        next = place
      }
      for (let time = 0; time < least; time++) next = addExpression(part, next, graph)
      return next
    }
  }
}

function closure(places: readonly Place[], from: readonly number[]): readonly number[] {
  const reached = new Set(from)
  for (const place of reached) for (const jump of places[place]!.jumps) reached.add(jump)
  return [...reached].toSorted((a, b) => a - b)
}
