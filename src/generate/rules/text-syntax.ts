/**
 * The small language in which a grammar writes text. Everything stands for itself but
 *
 *   {species}               the value of a column
 *   {a:species}             with its indefinite article: "a gull", "an owl"
 *   {species:lower}         in another form: lower, upper, capital (first letter), title (every word),
 *                           plural, plural(birds) (plural unless the column birds is 1); several in a row
 *   {@cities}               one entry of a list, which is such text itself; takes `a:` and forms too
 *   {faker:location.city}   what a method of Faker gives; takes `a:` and forms too
 *   {hit|struck*3}          alternatives, the second three times as often; each is such text itself
 *   [ at {speed} knots]     an optional part, there every second time; [ … *0.8] four times in five
 *   \{ \} \[ \] \| \* \\    the characters themselves
 *
 * A part with a missing value is left out: an optional part, an alternative, in the end the whole text. Blanks that this
 * leaves behind are closed up: runs of them become one, and none stand before , . ; : ! or ? or at the ends.
 */
import { didYouMean } from '../../did-you-mean.ts'

export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'slot'
      readonly source: Source
      readonly article: boolean
      readonly forms: readonly Form[]
    }
  | { readonly kind: 'alternatives'; readonly options: readonly Weighted[] }
  | { readonly kind: 'optional'; readonly pieces: readonly Piece[]; readonly chance: number }

export type Source =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'list'; readonly name: string }
  | { readonly kind: 'faker'; readonly method: string }

export interface Form {
  readonly name: (typeof formNames)[number]
  /** The column that counts, for `plural(column)`. */
  readonly count: string | null
}

interface Weighted {
  readonly pieces: readonly Piece[]
  readonly weight: number
}

const formNames = ['lower', 'upper', 'capital', 'title', 'plural'] as const

/** A place in the text where it cannot be read. Not for users: `mistakeIn` tells them. */
class SyntaxMistake extends Error {}

/** Reads text of the small language. Throws where it cannot be read; `mistakeIn` says so without throwing. */
export function parseText(text: string): readonly Piece[] {
  const cursor = { text, at: 0 }
  const { pieces } = readPieces(cursor, null)
  return pieces
}

/** What is wrong with text of the small language and where, or null. */
export function mistakeIn(text: string): string | null {
  try {
    parseText(text)
    return null
  } catch (error) {
    if (error instanceof SyntaxMistake) return error.message
    throw error
  }
}

interface Cursor {
  readonly text: string
  at: number
}

/** Pieces up to the end of the text or of the part, whose closing character is left to the caller. */
function readPieces(
  cursor: Cursor,
  opened: { close: '}' | ']'; at: number } | null,
): Weighted & { weighted: boolean } {
  const pieces: Piece[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') pieces.push({ kind: 'literal', text: literal })
    literal = ''
  }
  for (; cursor.at < cursor.text.length; cursor.at++) {
    const character = cursor.text[cursor.at]!
    if (opened !== null && (character === opened.close || (opened.close === '}' && character === '|'))) break
    if (character === '\\') literal += readEscape(cursor)
    else if (character === '{' || character === '[') {
      flush()
      pieces.push(character === '{' ? readBraces(cursor) : readOptional(cursor))
    } else if (character === '}' || character === ']') {
      fail(cursor, cursor.at, `"${character}" closes nothing (write \\${character} for the character itself)`)
    } else literal += character
  }
  if (opened !== null && cursor.at === cursor.text.length) {
    fail(cursor, opened.at, `"${cursor.text[opened.at]}" is not closed`)
  }
  const weight =
    opened === null ? null : /(?<!\\)\*(\d+(?:\.\d+)?)$/.exec(cursor.text.slice(opened.at + 1, cursor.at))
  if (weight !== null) literal = literal.slice(0, literal.length - weight[0].length)
  flush()
  return { pieces, weight: weight === null ? 1 : Number(weight[1]), weighted: weight !== null }
}

function readEscape(cursor: Cursor): string {
  const character = cursor.text[++cursor.at]
  if (character !== undefined && '{}[]|*\\'.includes(character)) return character
  return fail(cursor, cursor.at - 1, '"\\" stands only before { } [ ] | * and \\')
}

function readOptional(cursor: Cursor): Piece {
  const start = cursor.at++
  const { pieces, weight, weighted } = readPieces(cursor, { close: ']', at: start })
  if (weight > 1) fail(cursor, start, `the chance *${weight} of an optional part is above 1`)
  return { kind: 'optional', pieces, chance: weighted ? weight : 0.5 }
}

function readBraces(cursor: Cursor): Piece {
  const start = cursor.at
  const options: (Weighted & { weighted: boolean })[] = []
  do {
    cursor.at++
    options.push(readPieces(cursor, { close: '}', at: options.length === 0 ? start : cursor.at - 1 }))
  } while (cursor.text[cursor.at] === '|')
  if (options.length > 1) {
    if (options.every(({ weight }) => weight === 0)) fail(cursor, start, 'all alternatives have the weight 0')
    return { kind: 'alternatives', options: options.map(({ pieces, weight }) => ({ pieces, weight })) }
  }
  const inside = cursor.text.slice(start + 1, cursor.at)
  if (options[0]!.weighted) fail(cursor, start, `"{${inside}}" is one alternative alone, and needs no weight`)
  if (options[0]!.pieces.some(({ kind }) => kind !== 'literal')) {
    fail(cursor, start, 'braces hold the name of a column, or alternatives with | between them')
  }
  return readSlot(cursor, inside, start)
}

function readSlot(cursor: Cursor, inside: string, start: number): Piece {
  const parts = inside.split(':').map(part => part.trim())
  const article = parts.length > 1 && parts[0] === 'a'
  if (article) parts.shift()
  const name = parts.shift()!
  if (name === '') return fail(cursor, start, 'the braces hold no name')
  const source = readSource(cursor, name, parts, start)
  return { kind: 'slot', source, article, forms: parts.map(form => readForm(cursor, form, start)) }
}

function readSource(cursor: Cursor, name: string, parts: string[], start: number): Source {
  if (name.startsWith('@')) return { kind: 'list', name: name.slice(1) }
  if (name !== 'faker') return { kind: 'column', name }
  const method = parts.shift() ?? ''
  if (!/^\w+\.\w+$/.test(method)) fail(cursor, start, 'a Faker method is written {faker:location.city}')
  return { kind: 'faker', method }
}

function readForm(cursor: Cursor, form: string, start: number): Form {
  const counted = /^plural\((.+)\)$/.exec(form)
  if (counted !== null) return { name: 'plural', count: counted[1]!.trim() }
  const known = formNames.find(name => name === form)
  if (known !== undefined) return { name: known, count: null }
  return fail(
    cursor,
    start,
    `"${form}" is no form.${didYouMean(form, formNames)} There are ${formNames.join(', ')}`,
  )
}

function fail(cursor: Cursor, at: number, what: string): never {
  const shown = cursor.text.slice(at, at + 20)
  throw new SyntaxMistake(
    `at character ${at + 1}, before "${shown}${at + 20 < cursor.text.length ? '…' : ''}": ${what}`,
  )
}
