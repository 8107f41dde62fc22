import type { Random } from '../../data/random.ts'
import type { Row } from '../../data/row.ts'
import { fakeValue } from './fake.ts'
import { articleOf, capitalOf, pluralOf, titleOf } from './inflect.ts'
import type { Form, Piece, Source } from './text-syntax.ts'

/** What text is written from. */
export interface Writing {
  /** The columns made so far. */
  readonly row: Row
  readonly random: Random
  /** One entry of a named list, drawn; null where none applies. */
  readonly drawEntry: (list: string) => readonly Piece[] | null
}

/** Writes text, or gives null where a value that it needs is missing. */
export function writeText(pieces: readonly Piece[], writing: Writing): string | null {
  const text = expand(pieces, writing)
  return text === null ? null : closeUp(text) || null
}

function expand(pieces: readonly Piece[], writing: Writing): string | null {
  let text = ''
  for (const piece of pieces) {
    const part = expandPiece(piece, writing)
    if (part === null) return null
    text += part
  }
  return text
}

function expandPiece(piece: Piece, writing: Writing): string | null {
  switch (piece.kind) {
    case 'literal':
      return piece.text
    case 'optional':
      return writing.random.next() < piece.chance ? (expand(piece.pieces, writing) ?? '') : ''
    case 'slot': {
      const value = sourceText(piece.source, writing)
      if (value === null) return null
      const shown = piece.forms.reduce((text, form) => inForm(text, form, writing.row), value)
      return piece.article ? `${articleOf(shown)} ${shown}` : shown
    }
    case 'alternatives':
      return expandOne(piece.options, writing)
  }
}

/** One of the alternatives in proportion to their weights, among those that miss no value. */
function expandOne(
  options: readonly { pieces: readonly Piece[]; weight: number }[],
  writing: Writing,
): string | null {
  const weights = options.map(({ weight }) => weight)
  while (weights.some(weight => weight > 0)) {
    const index = writing.random.weighted(weights)
    const text = expand(options[index]!.pieces, writing)
    if (text !== null) return text
    weights[index] = 0
  }
  return null
}

function sourceText(source: Source, writing: Writing): string | null {
  switch (source.kind) {
    case 'column': {
      const value = writing.row[source.name] ?? null
      return value === null ? null : String(value)
    }
    case 'list': {
      const entry = writing.drawEntry(source.name)
      return entry === null ? null : expand(entry, writing)
    }
    case 'faker':
      return fakeValue(source.method, writing.random)
  }
}

function inForm(text: string, form: Form, row: Row): string {
  switch (form.name) {
    case 'lower':
      return text.toLowerCase()
    case 'upper':
      return text.toUpperCase()
    case 'capital':
      return capitalOf(text)
    case 'title':
      return titleOf(text)
    case 'plural':
      return form.count !== null && Number(row[form.count]) === 1 ? text : pluralOf(text)
  }
}

function closeUp(text: string): string {
  return text
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ (?=[,.;:!?])/g, '')
    .trim()
}
