import type { TextTokenizer } from '../model/tokenizer.ts'

/** An answer as it is written: tokens go in, text comes out as soon as it is certain. */
export interface WrittenText {
  /** Takes one more token; true where a stop text is complete. */
  add(id: number): boolean
  /** There are no more tokens: what was held back is text after all. */
  finish(): void
}

/**
 * Turns tokens into text. Held back are the bytes of a character that is not whole, and an ending that may become one of
 * the texts in `stop`, of which the first that is complete ends the answer and is left out.
 */
export function writtenText(
  tokenizer: TextTokenizer,
  stop: readonly string[],
  onText: (text: string) => void,
): WrittenText {
  const ids: number[] = []
  // Only the last tokens are decoded again, with one piece before them, as a blank may hang on what stands before.
  let [from, read, held] = [0, 0, '']
  const emit = (text: string): void => void (text !== '' && onText(text))

  const take = (text: string): boolean => {
    held += text
    const ends = stop.map(ending => held.indexOf(ending)).filter(place => place !== -1)
    if (ends.length > 0) {
      emit(held.slice(0, Math.min(...ends)))
      held = ''
      return true
    }
    const certain = held.length - uncertainEnding(held, stop)
    emit(held.slice(0, certain))
    held = held.slice(certain)
    return false
  }
  const fresh = (isLast: boolean): string => {
    const before = tokenizer.decode(ids.slice(from, read))
    const now = tokenizer.decode(ids.slice(from))
    if (!isLast && (now.endsWith('\uFFFD') || now.length <= before.length)) return ''
    ;[from, read] = [read, ids.length]
    return now.slice(before.length)
  }
  return {
    add(id) {
      ids.push(id)
      return take(fresh(false))
    },
    finish() {
      if (take(fresh(true))) return
      emit(held)
      held = ''
    },
  }
}

/** Characters at the end of a text with which one of `stop` begins. */
function uncertainEnding(text: string, stop: readonly string[]): number {
  const lengths = stop.map(ending => {
    let length = Math.min(ending.length - 1, text.length)
    while (length > 0 && !text.endsWith(ending.slice(0, length))) length--
    return length
  })
  return Math.max(0, ...lengths)
}
