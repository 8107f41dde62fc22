import type { Value } from '../../../data/row.ts'

/** How a slot shows its value, where it is not as it stands: in the order of application. */
export type SlotForm = 'numeral' | 'plural' | 'singular' | 'lower' | 'upper' | 'capital' | 'title'

/** A part of a text that can take another value. Offsets are in UTF-16 units, `end` excluded. */
export interface Mark {
  readonly start: number
  readonly end: number
  /** What kind of value it holds. */
  readonly slot: string
  /** Which value of the answer it is: marks of one key always hold the same value. */
  readonly key: string
  readonly value: Value
  readonly forms: readonly SlotForm[]
}

/** A real example with its slots. */
export interface Seed {
  readonly labels: Readonly<Record<string, Value>>
  readonly text: string
  /** In order, not overlapping. */
  readonly marks: readonly Mark[]
  /** Values of the answer that are not in the text: they stay as they are. */
  readonly fixed: Readonly<Record<string, Value>>
  /** Whether somebody said where its slots are. Without, it is wording alone, and its rows have no annotation either. */
  readonly annotated: boolean
  /** The JSON answer that values are put into, where there is one. */
  readonly answer: string | null
}

/** Marks in order, with keys that tell two of one slot apart. */
export function keyMarks(marks: readonly Omit<Mark, 'key'>[]): readonly Mark[] {
  const seen = new Map<string, number>()
  const keyed: Mark[] = []
  for (const mark of marks.toSorted((a, b) => a.start - b.start)) {
    const count = (seen.get(mark.slot) ?? 0) + 1
    seen.set(mark.slot, count)
    keyed.push({ ...mark, key: count === 1 ? mark.slot : `${mark.slot}#${count}` })
  }
  return keyed
}

/** Something wrong with an annotation, to be told with the place of its row. */
export class AnnotationMistake extends Error {}
