import type { Random } from '../../data/random.ts'
import type { Row, TracedRow } from '../../data/row.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { UserError } from '../../error.ts'
import { compileGrammar, type GrammarOptions } from './grammar.ts'
import { addNoise } from './seeds/noise.ts'
import { fitNoise } from './seeds/noise-fit.ts'
import type { NoiseModel } from './seeds/noise-model.ts'

/** The noise of each written column that has some. */
export type ColumnNoise = Readonly<Record<string, NoiseModel>>

type NoisyOptions = GrammarOptions & { readonly noise: Readonly<Record<string, string>> }

/** Noise for columns that are not written, of which nothing would be left. The grammar has no mistake otherwise. */
export function checkNoise({
  noise,
  ...grammar
}: NoisyOptions): readonly { readonly path: readonly string[]; readonly message: string }[] {
  if (Object.keys(noise).length === 0) return []
  const { rules } = compileGrammar(grammar)
  const written = [...rules].flatMap(([name, own]) =>
    own.some(({ maker }) => maker.kind === 'text') ? [name] : [],
  )
  return Object.keys(noise).flatMap(column =>
    written.includes(column)
      ? []
      : [
          {
            path: ['noise', column],
            message: `names of columns that a rule with \`text\` writes, and "${column}" is none.${didYouMean(column, written)}`,
          },
        ],
  )
}

/** Measures the noise that each column is to have. Throws a UserError where the training rows have no such text. */
export function fitColumnNoise(
  noise: Readonly<Record<string, string>>,
  rows: readonly TracedRow[],
): ColumnNoise {
  return Object.fromEntries(
    Object.entries(noise).map(([column, source]) => {
      const texts = rows.flatMap(({ row }) => {
        const text = row[source]
        return typeof text === 'string' && text.trim() !== '' ? [text] : []
      })
      if (texts.length > 0) return [column, fitNoise(texts, {})]
      throw new UserError(
        `The noise of "${column}" is that of the column "${source}", in which no training row has a text.${didYouMean(source, Object.keys(rows[0]?.row ?? {}))}`,
        'Name a column of real texts, or leave `noise` out.',
      )
    }),
  )
}

/** A row whose written columns are as people would have typed them. What was computed from them stays as it was. */
export function typedByPeople(row: Row, noise: ColumnNoise, random: Random): Row {
  const typed = Object.entries(noise).flatMap(([column, model]) => {
    const text = row[column]
    if (typeof text !== 'string') return []
    const [, body = text, mark] = /^(.*?)([.?!])?\s*$/s.exec(text) ?? []
    const segments = addNoise([{ text: body, slot: null }], model, { mark: mark ?? null, random })
    return [[column, segments.map(segment => segment.text).join('')]]
  })
  return typed.length === 0 ? row : { ...row, ...Object.fromEntries(typed) }
}
