import type { Attributes } from '../../../data/example.ts'
import type { Random } from '../../../data/random.ts'
import type { Row, Value } from '../../../data/row.ts'
import { didYouMean, oneOf } from '../../../did-you-mean.ts'
import { holds } from '../grammar.ts'
import { articleOf, capitalOf, pluralOf, singularOf, titleOf } from '../inflect.ts'
import { fillAnswer, leavesOf } from './locate.ts'
import { type Segment, writeMarkup } from './markup.ts'
import { addNoise } from './noise.ts'
import { numeralOf } from './numeral.ts'
import type { SeedsOptions } from './options.ts'
import { joinTemplates } from './recombine.ts'
import type { SlotForm } from './seed.ts'
import type { FittedSeeds } from './seeds.ts'
import { writeSpans } from './spans.ts'
import { replaceSynonyms } from './synonym.ts'
import { frameOf, type SlotChoice, type Template, type Token } from './template.ts'
import { createValueSource, type ValueSource } from './values.ts'

/** A made row and its text. */
interface Written {
  readonly row: Row
  readonly text: string
}

/** The kinds of slots in templates, in order of appearance. */
export function slotColumns(templates: readonly Template[]): readonly string[] {
  return [...new Set(templates.flatMap(({ tokens }) => tokens.flatMap(choicesOf)).map(({ slot }) => slot))]
}

/** Why no row of a cell can be written, or null. */
export function whyNot(options: SeedsOptions, { templates }: FittedSeeds, cell: Attributes): string | null {
  for (const [column, value] of Object.entries(cell)) {
    if (options.labels.includes(column)) {
      const known = [...new Set(templates.map(({ labels }) => labels[column] ?? null))]
      if (known.includes(value)) continue
      const named = known.map(String)
      return `no seed has ${column} = ${String(value)}.${didYouMean(String(value), named) || ` There is ${oneOf(named)}.`}`
    }
    if (options.slots?.columns?.includes(column) !== true) {
      return `the seeds decide ${oneOf([...options.labels, ...(options.slots?.columns ?? [])]) || 'no column'}, and "${column}" is none of them`
    }
  }
  return templatesFor(options, templates, cell).length > 0
    ? null
    : 'no seed has a wording that fits all of the cell'
}

/** Templates whose rows can agree with a cell: its labels, and a place for each value or the value itself. */
function templatesFor(
  options: SeedsOptions,
  templates: readonly Template[],
  cell: Attributes,
): readonly Template[] {
  return templates.filter(template =>
    Object.entries(cell).every(([column, value]) => {
      if (options.labels.includes(column)) return (template.labels[column] ?? null) === value
      return canHold(template, column, value)
    }),
  )
}

function canHold({ tokens, fixed }: Template, column: string, value: Value): boolean {
  const choices = tokens.map(choicesOf).filter(own => own.some(({ key }) => key === column))
  if (value === null) return fixed[column] === undefined && choices.length === 0
  if (fixed[column] !== undefined) return fixed[column] === value
  return typeof value !== 'boolean' && choices.some(own => own.every(({ key }) => key === column))
}

/**
 * A function that writes one row of a cell after another; null where there are none. Wordings are drawn by the square root of
 * the number of their seeds, so that frequent ones do not crowd out the others.
 */
export function createWriter(
  options: SeedsOptions,
  fitted: FittedSeeds,
  cell: Attributes,
): ((random: Random) => Written) | null {
  if (whyNot(options, fitted, cell) !== null) return null
  const templates = templatesFor(options, fitted.templates, cell)
  const frames = templates.map(frameOf)
  const weights = templates.map(({ count }) => Math.sqrt(count))
  const source = createValueSource(options, fitted.values, fitted.observations)
  const draw = (random: Random): Template => {
    const first = random.weighted(weights)
    if (random.next() >= options.recombine) return templates[first]!
    const second = random.weighted(
      weights.map((weight, index) => (frames[index] === frames[first] ? weight : 0)),
    )
    const joined = joinTemplates(templates[first]!, templates[second]!, random)
    const fits = joined !== null && templatesFor(options, [joined], cell).length > 0
    return fits ? joined : templates[first]!
  }
  return random => writeTemplate(draw(random), { options, fitted, source, cell, random })
}

interface Writing {
  readonly options: SeedsOptions
  readonly fitted: FittedSeeds
  readonly source: ValueSource
  readonly cell: Attributes
  readonly random: Random
}

function writeTemplate(template: Template, writing: Writing): Written {
  const { options, fitted, random } = writing
  const tokens = replaceSynonyms(template.tokens, {
    groups: options.synonyms,
    labels: template.labels,
    random,
  })
  const { segments, values } = fillTokens(tokens, template, writing)
  const ended =
    fitted.noise === null
      ? [...segments, { text: template.mark ?? '', slot: null }]
      : addNoise(segments, fitted.noise, { mark: template.mark, random })
  const shown = ended.filter(({ text }) => text !== '')
  const text = shown.map(segment => segment.text).join('')
  return { text, row: rowOf(template, { options, segments: shown, text, values }) }
}

/** Values for the slots, and the text in segments. Slots of one key hold one value. */
function fillTokens(
  tokens: readonly Token[],
  template: Template,
  writing: Writing,
): { segments: readonly Segment[]; values: Readonly<Record<string, Value>> } {
  const { source, cell, options, random } = writing
  const values: Record<string, Value> = {}
  const segments: Segment[] = []
  const addWords = (text: string): void => {
    const last = segments.at(-1)
    if (last?.slot === null) segments[segments.length - 1] = { ...last, text: last.text + text }
    else segments.push({ text, slot: null })
  }
  for (const [index, token] of tokens.entries()) {
    const blank = token.space && index > 0 ? ' ' : ''
    if (token.kind === 'word') {
      addWords(blank + token.text)
      continue
    }
    const choice = drawChoice(token.choices, template, writing, values)
    const wanted = options.slots?.columns === undefined ? undefined : cell[choice.key]
    const value = (values[choice.key] ??= wanted ?? source.draw(choice.slot, template.labels, random))
    const text = inForms(value, choice)
    const article = token.article === null ? '' : `${likeArticle(token.article, text)} `
    if (blank + article !== '') addWords(blank + article)
    segments.push({ text, slot: choice.slot })
  }
  return { segments, values }
}

/** One of the slots that stood in a place, or one that can stand for it: all of those are equally likely. */
function drawChoice(
  choices: readonly SlotChoice[],
  template: Template,
  { options, source, cell, random }: Writing,
  taken: Readonly<Record<string, Value>>,
): SlotChoice {
  const choice = choices[random.weighted(choices.map(({ count }) => count))]!
  const group = options.alike.find(
    entry =>
      slotsOf(entry).includes(choice.slot) && (!('when' in entry) || holds(entry.when, template.labels)),
  )
  if (group === undefined || cell[choice.key] !== undefined || taken[choice.key] !== undefined) return choice
  const free = slotsOf(group).filter(
    slot =>
      slot === choice.slot ||
      (source.has(slot, template.labels) &&
        cell[slot] === undefined &&
        taken[slot] === undefined &&
        canAnswer(slot, template, options)),
  )
  const slot = random.pick(free)
  return slot === choice.slot ? choice : { ...choice, slot, key: slot }
}

export function slotsOf(group: SeedsOptions['alike'][number]): readonly string[] {
  return 'slots' in group ? group.slots : group
}

/** Whether the answer of a template has a place for a slot that its seeds leave empty. */
function canAnswer(slot: string, { answer, fixed, tokens }: Template, { slots }: SeedsOptions): boolean {
  if (fixed[slot] !== undefined || tokens.flatMap(choicesOf).some(({ key }) => key === slot)) return false
  if (slots?.columns !== undefined) return slots.columns.includes(slot)
  return answer === null || leavesOf(answer).some(({ key }) => key === slot)
}

function likeArticle(written: string, text: string): string {
  const article = articleOf(text)
  return written[0] === 'A' ? capitalOf(article) : article
}

function inForms(value: Value, { forms }: SlotChoice): string {
  return forms.reduce((text, form) => inForm(text, form), String(value))
}

function inForm(text: string, form: SlotForm): string {
  switch (form) {
    case 'numeral':
      return numeralOf(Number(text)) ?? text
    case 'plural':
      return pluralOf(text)
    case 'singular':
      return singularOf(text)
    case 'lower':
      return text.toLowerCase()
    case 'upper':
      return text.toUpperCase()
    case 'capital':
      return capitalOf(text)
    case 'title':
      return titleOf(text)
  }
}

function rowOf(
  template: Template,
  made: {
    options: SeedsOptions
    segments: readonly Segment[]
    text: string
    values: Readonly<Record<string, Value>>
  },
): Row {
  const { text, slots } = made.options
  const held = { ...template.fixed, ...made.values }
  const row: Record<string, Value> = { ...template.labels, [text]: made.text }
  if (slots?.columns !== undefined) for (const column of slots.columns) row[column] = held[column] ?? null
  const { annotated } = template
  if (slots?.markup !== undefined) row[slots.markup] = annotated ? writeMarkup(made.segments) : null
  if (slots?.spans !== undefined) row[slots.spans] = annotated ? writeSpans(made.segments) : null
  if (slots?.json !== undefined)
    row[slots.json] = template.answer === null ? null : fillAnswer(template.answer, held)
  return row
}

function choicesOf(token: Token): readonly SlotChoice[] {
  return token.kind === 'slot' ? token.choices : []
}
