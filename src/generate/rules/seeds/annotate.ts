import { type Row, type TracedRow, valueAt } from '../../../data/row.ts'
import { didYouMean } from '../../../did-you-mean.ts'
import { UserError } from '../../../error.ts'
import { leavesOf, locateAnswer } from './locate.ts'
import { readMarkup } from './markup.ts'
import { takeFiller } from './noise-fit.ts'
import type { NoiseModel } from './noise-model.ts'
import type { SeedsOptions } from './options.ts'
import { AnnotationMistake, type Mark, type Seed } from './seed.ts'
import { readSpans } from './spans.ts'

type Annotation = Pick<SeedsOptions, 'text' | 'labels' | 'slots'>
type Annotated = Omit<Seed, 'labels' | 'text'>

/**
 * The rows that have a text, with their slots. A row without annotation is wording alone. Throws a UserError for columns that
 * the rows do not have, and for an annotation that cannot be read or does not fit its text, with its place.
 */
export function annotateRows(options: Annotation, traced: readonly TracedRow[]): readonly Seed[] {
  checkColumns(options, traced)
  return traced.flatMap(({ row, origin, id }) => {
    const text = valueAt(row, options.text)
    if (text === null || String(text).trim() === '') return []
    const labels = Object.fromEntries(options.labels.map(column => [column, valueAt(row, column)]))
    try {
      const plain = plainText(String(text), options)
      return [{ labels, text: plain, ...annotate(plain, row, options) }]
    } catch (error) {
      if (!(error instanceof AnnotationMistake)) throw error
      const place = origin.kind === 'real' ? `Source ${origin.source}, record ${origin.number}` : `Row ${id}`
      // Local text is never quoted.
      const told =
        origin.share === 'local' ? 'its annotation cannot be read or does not fit its text' : error.message
      throw new UserError(`${place}: ${told}.`, 'Correct the annotation, or leave it empty.')
    }
  })
}

/** The text without its markup, where the column of the text is the one that is marked. */
function plainText(text: string, { text: column, slots }: Annotation): string {
  return slots?.markup === column ? readMarkup(text).text : text
}

function annotate(text: string, row: Row, { slots }: Annotation): Annotated {
  const bare: Annotated = { marks: [], fixed: {}, answer: null, annotated: false }
  const annotated = { ...bare, annotated: true }
  if (slots?.columns !== undefined) {
    const values = slots.columns.map(column => ({ key: column, slot: column, value: valueAt(row, column) }))
    return { ...annotated, ...locateAnswer(text, values) }
  }
  const annotation = slots === undefined ? null : valueAt(row, (slots.markup ?? slots.spans ?? slots.json)!)
  if (annotation === null || String(annotation).trim() === '') return bare
  const written = String(annotation)
  if (slots?.spans !== undefined) return { ...annotated, marks: readSpans(written, text) }
  if (slots?.json !== undefined)
    return { ...annotated, ...locateAnswer(text, readAnswer(written)), answer: written }
  return { ...annotated, marks: fitMarkup(written, text) }
}

function readAnswer(json: string): ReturnType<typeof leavesOf> {
  try {
    return leavesOf(json)
  } catch {
    throw new AnnotationMistake('the answer is not JSON')
  }
}

/** Marks of a marked copy of the text, which may differ from it in blanks at the ends alone. */
function fitMarkup(markup: string, text: string): readonly Mark[] {
  const marked = readMarkup(markup)
  const start = text.indexOf(marked.text.trim())
  if (start < 0) throw new AnnotationMistake('the marked text is not the text without its marks')
  const shift = start - (marked.text.length - marked.text.trimStart().length)
  return shiftMarks(marked.marks, shift)
}

function shiftMarks(marks: readonly Mark[], shift: number): readonly Mark[] {
  return marks.map(mark => ({ ...mark, start: mark.start + shift, end: mark.end + shift }))
}

/** A seed without the fillers around its request: the noise channel puts them back, as often as they were there. */
export function withoutFillers(seed: Seed, { fillers }: Pick<NoiseModel, 'fillers'>): Seed {
  const before = takeFiller(seed.text, Object.keys(fillers.before), 'before')
  const cut = seed.text.length - before.rest.length
  const started =
    (seed.marks[0]?.start ?? cut) < cut
      ? seed
      : { ...seed, text: before.rest, marks: shiftMarks(seed.marks, -cut) }
  const after = takeFiller(started.text, Object.keys(fillers.after), 'after')
  const last = started.marks.at(-1)?.end ?? 0
  return after.rest.startsWith(started.text.slice(0, last)) && after.rest.length >= last
    ? { ...started, text: after.rest }
    : started
}

function checkColumns({ text, labels, slots }: Annotation, traced: readonly TracedRow[]): void {
  const known = [...new Set(traced.flatMap(({ row }) => Object.keys(row)))]
  const asked: readonly (string | undefined)[] = [
    text,
    ...labels,
    ...(slots?.columns ?? []),
    slots?.markup,
    slots?.spans,
    slots?.json,
  ]
  const stray = asked.find(column => column !== undefined && !known.includes(column))
  if (stray === undefined) return
  throw new UserError(
    `The seeds are to be read with the column "${stray}", which the training rows do not have.${didYouMean(stray, known)}`,
    `Their columns are ${known.join(', ')}.`,
  )
}
