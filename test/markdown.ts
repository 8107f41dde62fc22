import { readFileSync } from 'node:fs'

/** A fenced block: ```language word key=value. */
export interface Block {
  readonly page: string
  /** Line of the opening fence, from 1. */
  readonly line: number
  readonly language: string
  readonly words: ReadonlySet<string>
  readonly values: Readonly<Record<string, string>>
  readonly content: string
}

/** The fenced blocks of a page. Throws where one is not closed. */
export function readBlocks(page: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { line: number; info: string; content: string[] } | null = null
  for (const [index, line] of readFileSync(page, 'utf8').split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line)
    if (open === null) {
      if (fence !== null) open = { line: index + 1, info: fence[1]!.trim(), content: [] }
    } else if (fence === null) open.content.push(line)
    else {
      const [language = '', ...words] = open.info.split(/\s+/)
      blocks.push({
        page,
        line: open.line,
        language,
        words: new Set(words),
        values: Object.fromEntries(
          words.flatMap(word => (word.includes('=') ? [word.split('=') as [string, string]] : [])),
        ),
        content: `${open.content.join('\n')}\n`,
      })
      open = null
    }
  }
  if (open !== null) throw new Error(`${page}:${open.line}: the block is not closed`)
  return blocks
}

/** What a page links to and shows, as written. */
export function readLinks(page: string): readonly string[] {
  const text = withoutBlocks(page)
  return [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/\bsrc="([^"]+)"/g)].map(
    ([, target]) => target!,
  )
}

/** The anchors of a page's headings, as GitHub names them. */
export function readAnchors(page: string): ReadonlySet<string> {
  const heads = [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, head]) => head!)
  return new Set(
    heads.map(head =>
      head
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** The cells of every table row of a page; `\|` is a bar. */
export function readTableRows(page: string): readonly (readonly string[])[] {
  const lines = withoutBlocks(page).split('\n')
  return lines
    .filter(line => line.startsWith('|') && !/^\|[-|]+$/.test(line))
    .map(line => line.split(/(?<!\\)\|/).slice(1, -1))
    .map(cells => cells.map(cell => cell.trim()))
}

function withoutBlocks(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^```.*\n[^]*?^```$/gm, '')
}

/**
 * The first part of `shown` that `actual` does not have, or null. Parts stand between `…` and follow each other; line
 * breaks do not count, and numbers may differ by a third or by 2.
 */
export function firstMissing(shown: string, actual: string): string | null {
  const whole = maskNumbers(actual)
  let from = 0
  for (const part of shown.split('…')) {
    const wanted = maskNumbers(part)
    const at = whole.masked.indexOf(wanted.masked, from)
    if (at < 0) return part.trim()
    const before = whole.masked.slice(0, at).split('#').length - 1
    const far = wanted.numbers.find((number, index) => !isNear(number, whole.numbers[before + index]!))
    if (far !== undefined) return `${far} in: ${part.trim()}`
    from = at + wanted.masked.length
  }
  return null
}

function maskNumbers(text: string): { masked: string; numbers: readonly number[] } {
  const plain = text.replaceAll('#', ' ').replaceAll(/\s+/g, ' ').trim()
  const pattern = /\d+(?:[.,]\d+)*/g
  return {
    masked: plain.replaceAll(pattern, '#'),
    numbers: [...plain.matchAll(pattern)].map(([number]) => Number(number.replaceAll(',', ''))),
  }
}

function isNear(shown: number, actual: number): boolean {
  return Math.abs(shown - actual) <= Math.max(2, Math.abs(actual) / 3)
}
