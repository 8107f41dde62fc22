import { z } from 'zod'
import { checkGrammar } from './check.ts'
import { makers } from './grammar.ts'
import { checkNoise } from './noisy.ts'
import { mistakeIn } from './text-syntax.ts'

const value = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** Text of the grammar's small language (text-syntax.ts). */
const text = z.string().superRefine((written, context) => {
  const mistake = mistakeIn(written)
  if (mistake !== null) context.addIssue({ code: 'custom', message: `text that can be read: ${mistake}` })
})

/**
 * When a rule or an alternative applies: every named column has the value, or one of the values; or a Jinja condition
 * such as `speed is not none and speed > 200`.
 */
export const condition = z.union([
  z.string().min(1),
  z.record(z.string(), z.union([value, z.array(value).min(1)])),
])

const weighted = {
  /** How often it is drawn, relative to the others. */
  weight: z.number().min(0).default(1),
  when: condition.optional(),
}
const choice = z.union([value, z.strictObject({ value, ...weighted })])
/** Text of the small language, with a weight and a condition where it needs them. */
export const wording = z.union([text, z.strictObject({ value: text, ...weighted })])

const number = z
  .strictObject({
    minimum: z.number(),
    maximum: z.number(),
    /** Normal around it, cut at the limits; left out, every number between them is equally likely. */
    mean: z.number().optional(),
    deviation: z.number().gt(0).optional(),
    /** Numbers are multiples of it. */
    step: z.number().gt(0).default(1),
  })
  .refine(({ minimum, maximum }) => minimum <= maximum, 'a range whose minimum is not above its maximum')
  .refine(
    ({ mean, deviation }) => (mean === undefined) === (deviation === undefined),
    'mean and deviation together',
  )

const date = z
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, 'a range whose `from` is not after its `to`')

const rule = {
  /** One of these values. */
  choose: z.array(choice).min(1).optional(),
  number: number.optional(),
  /** A day between two, both included, each equally likely. */
  date: date.optional(),
  /** Text of the small language, or several to choose from. */
  text: z.union([text, z.array(wording).min(1)]).optional(),
  /** A column of the training rows: one of the values seen there, as often as there. */
  from: z.string().optional(),
  /** With `from`: as often as there among the rows that agree in these columns. */
  given: z.array(z.string()).min(1).optional(),
  /** With `given`: how many rows' worth of the whole column is mixed into each such table. */
  smoothing: z.number().min(0).default(1),
  /** A Jinja expression over other columns. */
  compute: z.string().min(1).optional(),
  /** Chance that the value is missing. */
  missing: z.number().min(0).max(1).optional(),
  /** The first rule of a column that applies makes its value; where none does, it is missing. */
  when: condition.optional(),
}

const oneMaker = `a rule with exactly one of ${makers.join(', ')}`
const onlyRule = z.strictObject(rule).superRefine((written, context) => {
  if (makers.filter(maker => written[maker] !== undefined).length !== 1) {
    context.addIssue({ code: 'custom', message: oneMaker })
  }
})
const ruleOrChoice = z
  .strictObject({ ...rule, value: value.optional(), weight: weighted.weight })
  .superRefine((written, context) => {
    const given =
      makers.filter(maker => written[maker] !== undefined).length + (written.value === undefined ? 0 : 1)
    if (given !== 1) context.addIssue({ code: 'custom', message: `${oneMaker}, or a weighted value` })
  })

/**
 * How a column is made: one value; values to choose from (`['Day', { value: 'Night', weight: 2 }]`); a rule
 * (`{ number: { minimum: 40, maximum: 350 } }`); or rules of which the first that applies is used
 * (`[{ when: { phase: 'Taxi' }, choose: […] }, { choose: […] }]`).
 */
const column = z.union([value, onlyRule, z.array(z.union([value, ruleOrChoice])).min(1)])

/** Options of the rules generator: a grammar. */
export const rulesOptions = z
  .strictObject({
    /** How each column is made, by name. A name that starts with _ helps to make others and is left out of the rows. */
    columns: z
      .record(z.string(), column)
      .refine(columns => Object.keys(columns).length > 0, 'at least one column'),
    /** Named lists for `{@name}`. */
    lists: z.record(z.string(), z.array(wording).min(1)).default({}),
    /**
     * Written columns that take on the casing, punctuation, fillers, abbreviations and typing mistakes of real texts, as
     * often as a column of the training rows has them: `{ report: 'report' }`.
     */
    noise: z.record(z.string(), z.string()).default({}),
  })
  .superRefine((grammar, context) => {
    for (const { path, message } of checkGrammar(grammar))
      context.addIssue({ code: 'custom', path: [...path], message })
    for (const { path, message } of checkNoise(grammar))
      context.addIssue({ code: 'custom', path: [...path], message })
  })

export type RulesOptions = z.output<typeof rulesOptions>
export type ColumnOptions = RulesOptions['columns'][string]
export type RuleOptions = z.output<typeof onlyRule>
export type NumberOptions = z.output<typeof number>
export type Condition = z.output<typeof condition>
