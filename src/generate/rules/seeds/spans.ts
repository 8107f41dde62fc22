import { z } from 'zod'
import type { Segment } from './markup.ts'
import { AnnotationMistake, keyMarks, type Mark } from './seed.ts'

const offset = z.int().min(0)
const span = z.union([
  z.object({ start: offset, end: offset, slot: z.string().min(1) }),
  z.object({ start: offset, end: offset, label: z.string().min(1) }),
  z.object({ start: offset, end: offset, entity: z.string().min(1) }),
  z.tuple([offset, offset, z.string().min(1)]),
])

/**
 * Reads JSON spans over a text, counted in Unicode characters as most annotation tools do. The slot may be called `slot`,
 * `label` or `entity`; `[start, end, slot]` is read too. Throws an AnnotationMistake.
 */
export function readSpans(json: string, text: string): readonly Mark[] {
  const characters = [...text]
  const starts = [0]
  for (const character of characters) starts.push(starts.at(-1)! + character.length)
  const marks = parseSpans(json).map(({ start, end, slot }) => {
    if (end <= start || end > characters.length) {
      throw new AnnotationMistake(
        `the span ${start} to ${end} ("${slot}") does not lie in the text, which has ${characters.length} characters`,
      )
    }
    const value = characters.slice(start, end).join('')
    return { start: starts[start]!, end: starts[end]!, slot, value, forms: [] }
  })
  const keyed = keyMarks(marks)
  for (const [index, mark] of keyed.entries()) {
    const before = keyed[index - 1]
    if (before !== undefined && before.end > mark.start) {
      throw new AnnotationMistake(`the spans of "${before.slot}" and "${mark.slot}" overlap`)
    }
  }
  return keyed
}

function parseSpans(json: string): readonly { start: number; end: number; slot: string }[] {
  let data: unknown
  try {
    data = JSON.parse(json)
  } catch {
    throw new AnnotationMistake('the spans are not JSON')
  }
  const parsed = z.array(span).safeParse(data)
  if (!parsed.success) {
    throw new AnnotationMistake('the spans are not a list such as [{"start": 11, "end": 16, "slot": "city"}]')
  }
  return parsed.data.map(given => {
    if (Array.isArray(given)) return { start: given[0], end: given[1], slot: given[2] }
    const slot = 'slot' in given ? given.slot : 'label' in given ? given.label : given.entity
    return { start: given.start, end: given.end, slot }
  })
}

/** The spans of segments, as JSON that `readSpans` reads. */
export function writeSpans(segments: readonly Segment[]): string {
  const spans: { start: number; end: number; slot: string }[] = []
  let start = 0
  for (const { text, slot } of segments) {
    const end = start + [...text].length
    if (slot !== null) spans.push({ start, end, slot })
    start = end
  }
  return JSON.stringify(spans)
}
