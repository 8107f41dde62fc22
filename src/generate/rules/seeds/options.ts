import { z } from 'zod'
import { condition, wording } from '../options.ts'
import { checkValues, conditionColumns } from './values.ts'

/** Where the seeds say which parts of their text can change. */
const annotation = z
  .strictObject({
    /** Column of the text with its slots marked: `weather in [city: Paris]`. Escape other brackets: `\[`. */
    markup: z.string().optional(),
    /** Column of JSON spans: `[{"start": 11, "end": 16, "slot": "city"}]`, counted in Unicode characters from 0. */
    spans: z.string().optional(),
    /** Columns whose values are looked for in the text, whatever their case, plural or numeral. */
    columns: z.array(z.string()).min(1).optional(),
    /** Column of a JSON answer whose values are looked for in the text. */
    json: z.string().optional(),
  })
  .refine(
    written => Object.values(written).filter(value => value !== undefined).length === 1,
    'exactly one of markup, spans, columns and json',
  )

const synonyms = z.union([
  z.array(z.string().min(1)).min(2),
  z.strictObject({ words: z.array(z.string().min(1)).min(2), when: condition.optional() }),
])

const alike = z.union([
  z.array(z.string()).min(2),
  z.strictObject({ slots: z.array(z.string()).min(2), when: condition.optional() }),
])

const noise = z.strictObject({
  /** Phrases and how people shorten them, in place of the English ones known here. */
  abbreviations: z.record(z.string(), z.array(z.string().min(1)).min(1)).optional(),
  /** Words that may stand before or after a request and change nothing, in place of the English ones known here. */
  fillers: z
    .strictObject({ before: z.array(z.string().min(1)), after: z.array(z.string().min(1)) })
    .optional(),
})

/** Options of the seeds generator: what in real examples is wording, and what can take another value. */
export const seedsOptions = z
  .strictObject({
    /** Column of the text to write. */
    text: z.string(),
    /** Columns that the wording goes with, such as the intent: a template serves only rows that agree with its seeds in them. */
    labels: z.array(z.string()).default([]),
    /** Left out, texts are recombined where they share words. */
    slots: annotation.optional(),
    /**
     * Values of each slot besides those of the seeds, in the small language of rules: `['Paris', '{@cities}',
     * '{faker:location.city}', '{airport}']`, the last a value seen in a column of the training rows. A `when` is over `labels`.
     */
    values: z.record(z.string(), z.array(wording).min(1)).default({}),
    /** Named lists for `{@name}`. */
    lists: z.record(z.string(), z.array(wording).min(1)).default({}),
    /** Slots whose seed values serve all labels; those of the others stay with theirs. */
    shared: z.array(z.string()).default([]),
    /** Slots that can stand in each other's place: `['city', 'state']`, or with a `when` over `labels`. One that no seed has needs `values`. */
    alike: z.array(alike).default([]),
    /** Words and phrases that can stand for one another: `['find', 'look for']`, or with a `when` over `labels`. */
    synonyms: z.array(synonyms).default([]),
    /** Chance that a text is put together from two templates at a place where they agree. */
    recombine: z.number().min(0).max(1).default(0.5),
    /** Casing, punctuation, fillers, abbreviations and typing mistakes, as often as the real texts have them. */
    noise: z.union([z.literal('off'), noise]).prefault({}),
  })
  .superRefine((options, context) => {
    for (const { path, message } of checkValues(options))
      context.addIssue({ code: 'custom', path: [...path], message })
    for (const part of ['synonyms', 'alike'] as const) {
      for (const [index, group] of options[part].entries()) {
        const read = 'when' in group ? conditionColumns(group.when) : []
        const stray = read.find(column => !options.labels.includes(column))
        if (stray === undefined) continue
        const message = `conditions over \`labels\`, and "${stray}" is none of them`
        context.addIssue({ code: 'custom', path: [part, index], message })
      }
    }
  })

export type SeedsOptions = z.output<typeof seedsOptions>
