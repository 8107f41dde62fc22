import type { Key, KeyReader } from './keys.ts'

interface Line {
  readonly characters: readonly string[]
  /** Place before which the next character goes. */
  readonly at: number
}

/**
 * Lets a person edit one line of text; Enter ends it. Null where Escape or Ctrl-C gave it up, or there are no more keys.
 * `draw` is given what the line should look like, cut to `width`; left out, nothing is shown.
 */
export async function editLine(given: {
  readonly keys: KeyReader
  readonly initial: string
  readonly width: number
  readonly draw?: ((line: string) => void) | undefined
}): Promise<string | null> {
  let line: Line = { characters: [...given.initial], at: [...given.initial].length }
  for (;;) {
    given.draw?.(visiblePart(line, given.width))
    const key = await given.keys.next()
    if (key === null || key.name === 'escape' || (key.ctrl && key.name === 'c')) return null
    if (key.name === 'return' || key.name === 'enter') return line.characters.join('').trim()
    line = changeLine(line, key)
  }
}

function changeLine({ characters, at }: Line, key: Key): Line {
  const without = (from: number, to: number): Line => ({
    characters: characters.toSpliced(from, to - from),
    at: from,
  })
  const moved = (to: number): Line => ({ characters, at: Math.min(characters.length, Math.max(0, to)) })
  if (key.ctrl) {
    if (key.name === 'u') return without(0, at)
    if (key.name === 'k') return { characters: characters.slice(0, at), at }
    if (key.name === 'a') return moved(0)
    return key.name === 'e' ? moved(characters.length) : { characters, at }
  }
  switch (key.name) {
    case 'backspace':
      return without(Math.max(0, at - 1), at)
    case 'delete':
      return without(at, Math.min(characters.length, at + 1))
    case 'left':
      return moved(at - 1)
    case 'right':
      return moved(at + 1)
    case 'home':
      return moved(0)
    case 'end':
      return moved(characters.length)
    default:
      return { characters: characters.toSpliced(at, 0, ...key.text), at: at + [...key.text].length }
  }
}

/** The part of a line around the cursor, which stands as a bar. */
function visiblePart({ characters, at }: Line, width: number): string {
  const shown = characters.map(character => (character === '\n' ? '⏎' : character))
  const start = Math.max(0, at - width + 2)
  return [...shown.slice(start, at), '▏', ...shown.slice(at)].slice(0, width).join('')
}
