import type { Context } from '../../../context.ts'
import type { Row } from '../../../data/row.ts'
import { didYouMean } from '../../../did-you-mean.ts'
import { UserError } from '../../../error.ts'
import { defineGenerator } from '../../generator.ts'
import type { Observations } from '../observe.ts'
import { annotateRows, withoutFillers } from './annotate.ts'
import { fitNoise } from './noise-fit.ts'
import type { NoiseModel } from './noise-model.ts'
import { seedsOptions, type SeedsOptions } from './options.ts'
import { mergeTemplates, type Template, templateOf } from './template.ts'
import { countValues, observeColumns, type SeenValues } from './values.ts'
import { createWriter, slotColumns, slotsOf, whyNot } from './write.ts'

/** What the seeds say: wordings, values and noise. */
export interface FittedSeeds {
  readonly templates: readonly Template[]
  readonly values: Readonly<Record<string, SeenValues>>
  readonly observations: Observations
  /** Null where noise is off. */
  readonly noise: NoiseModel | null
  /** The seeds' texts in small letters: they are not made again. */
  readonly texts: readonly string[]
}

/** Texts written at most for each one asked for. */
const tries = 20
/** Seconds to write one text on one core, and to learn from one row, by bench/snips.ts. */
const secondsPerText = 1e-4
const secondsPerRow = 1e-3

/**
 * Makes rows out of real examples: takes the slots out of their texts, merges and recombines what is left, fills in other
 * values, and writes the way the real texts are written. The labels of a row are those of the seeds its wording comes from.
 */
export const seedsGenerator = defineGenerator<SeedsOptions, FittedSeeds>({
  name: 'seeds',
  options: seedsOptions,
  needs: { rows: 1 },
  can: {
    is: 'wordings of real texts, recombined',
    fills: ['cells', 'more', 'values', 'wording'],
    reach: 'beyond',
    dollars: 0,
    guarantee: 'none',
  },

  supports: (options, fitted, cell) => whyNot(options, fitted, cell) ?? true,

  estimate: (_options, { rows, count }) => rows * secondsPerRow + count * secondsPerText,

  propose({ columns, labels }) {
    const text = columns.find(({ kind }) => kind === 'text')
    return text === undefined ? 'it writes free text, and no column is that' : { text: text.name, labels }
  },

  async fit(options, { rows }, context) {
    const seeds = annotateRows(options, rows)
    if (seeds.length === 0) {
      throw new UserError(
        `No training row has a text in the column "${options.text}".`,
        'Name the column of the seeds in `text`.',
      )
    }
    const texts = seeds.map(({ text }) => text)
    const noise = options.noise === 'off' ? null : fitNoise(texts, options.noise)
    const clean = noise === null ? seeds : seeds.map(seed => withoutFillers(seed, noise))
    const templates = mergeTemplates(clean.map(templateOf))
    tellUnused(options, templates, context)
    context.log(
      `${seeds.length} seeds gave ${templates.length} wordings with ${slotColumns(templates).length} kinds of slots`,
    )
    return {
      templates,
      values: countValues(clean),
      observations: observeColumns(options, rows),
      noise,
      texts: [...new Set(texts.map(text => text.trim().toLowerCase()))],
    }
  },

  async make(options, fitted, { cell, count }, context) {
    const write = createWriter(options, fitted, cell)
    if (write === null) return []
    const seen = new Set(fitted.texts)
    const rows: Row[] = []
    for (let attempt = 0; rows.length < count && attempt < tries * count; attempt++) {
      context.signal.throwIfAborted()
      const { row, text } = write(context.random)
      const key = text.toLowerCase()
      if (seen.has(key)) continue
      seen.add(key)
      rows.push(row)
      context.progress(rows.length, count)
    }
    return rows
  },
})

/** Values for slots that no seed has: with few seeds that is to be expected, or the name is mistyped. */
function tellUnused(
  { values, shared, alike }: SeedsOptions,
  templates: readonly Template[],
  context: Context,
): void {
  const known = [...slotColumns(templates), ...alike.flatMap(slotsOf)]
  for (const slot of new Set([...Object.keys(values), ...shared])) {
    if (!known.includes(slot)) context.log(`No seed has the slot "${slot}".${didYouMean(slot, known)}`)
  }
}
