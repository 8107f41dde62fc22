import { AnnotationMistake, keyMarks, type Mark } from './seed.ts'

/** A run of text, in a slot or not. */
export interface Segment {
  readonly text: string
  readonly slot: string | null
}

/** Reads `weather in [city: Paris]` as its plain text and marks. Throws an AnnotationMistake that names the character. */
export function readMarkup(markup: string): { readonly text: string; readonly marks: readonly Mark[] } {
  const marks: Omit<Mark, 'key'>[] = []
  let text = ''
  let at = 0
  while (at < markup.length) {
    const character = markup[at]!
    if (character === '\\' && '[]\\'.includes(markup[at + 1] ?? ' ')) {
      text += markup[at + 1]!
      at += 2
    } else if (character === '[') {
      const { slot, value, end } = readSlot(markup, at)
      marks.push({ start: text.length, end: text.length + value.length, slot, value, forms: [] })
      text += value
      at = end
    } else if (character === ']') {
      throw new AnnotationMistake(
        `"]" at character ${at + 1} closes nothing; write \\] for the character itself`,
      )
    } else {
      text += character
      at++
    }
  }
  return { text, marks: keyMarks(marks) }
}

function readSlot(markup: string, start: number): { slot: string; value: string; end: number } {
  const found = /^\[\s*([^[\]:\\]+?)\s*:\s*((?:\\.|[^[\]\\])*?)\s*\]/su.exec(markup.slice(start))
  if (found === null || found[2] === '') {
    throw new AnnotationMistake(
      `"[" at character ${start + 1} does not begin a slot such as [city: Paris]; write \\[ for the character itself`,
    )
  }
  return { slot: found[1]!, value: found[2]!.replaceAll(/\\(.)/gsu, '$1'), end: start + found[0].length }
}

/** Writes segments as markup that `readMarkup` reads. */
export function writeMarkup(segments: readonly Segment[]): string {
  return segments
    .map(({ text, slot }) => {
      const escaped = text.replaceAll(/[[\]\\]/g, '\\$&')
      return slot === null ? escaped : `[${slot}: ${escaped}]`
    })
    .join('')
}
