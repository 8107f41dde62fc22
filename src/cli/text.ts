import { stripVTControlCharacters } from 'node:util'

/** Breaks lines at spaces so that none is longer than `width`; continued lines keep their own indent, and hang under a dash or a plus. */
export function wrapText(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .map(line => wrapLine(line, width, indent))
    .join('\n')
}

function wrapLine(line: string, width: number, indent: string): string {
  const own = indent + (/^\s*/.exec(line)?.[0] ?? '')
  const hanging = own + (/^\s*[-+] /.test(line) ? '  ' : '')
  const lines: string[] = []
  let current = ''
  for (const word of line.trim().split(/ +/)) {
    const longer = current === '' ? word : `${current} ${word}`
    const before = lines.length === 0 ? own : hanging
    if (current !== '' && before.length + lengthOf(longer) > width) {
      lines.push(before + current)
      current = word
    } else current = longer
  }
  return [...lines, current === '' ? '' : (lines.length === 0 ? own : hanging) + current].join('\n')
}

/** Columns side by side, two spaces apart; numbers stand right (`–` for none). */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const lines = [head, ...rows.map(row => row.map(String))]
  const widths = head.map((_, column) => Math.max(...lines.map(line => lengthOf(line[column] ?? ''))))
  const isNumber = head.map(
    (_, column) =>
      rows.length > 0 && rows.every(row => /^[-+−]?[\d.,]+(?: %| s)?$|^–$/.test(String(row[column]))),
  )
  return lines
    .map(line =>
      line
        .map((cell, column) => {
          const space = ' '.repeat(widths[column]! - lengthOf(cell))
          return isNumber[column] ? space + cell : cell + space
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Terms with what they mean, the meanings wrapped in a column of their own. */
export function formatTerms(
  terms: readonly (readonly [string, string])[],
  width: number,
  indent = '  ',
): string {
  const column = Math.max(...terms.map(([term]) => term.length)) + indent.length + 2
  return terms
    .map(([term, meaning]) => {
      const [first = '', ...rest] = wrapText(meaning, Math.max(20, width - column)).split('\n')
      return [(indent + term).padEnd(column) + first, ...rest.map(line => ' '.repeat(column) + line)].join(
        '\n',
      )
    })
    .join('\n')
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** A time that is only guessed: `5 s`, `40 s`, `4 min`, `1 h 20 min`. */
export function formatRoughly(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.ceil(seconds))} s`
  if (seconds < 90) return `${Math.ceil(seconds / 5) * 5} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const tens = Math.ceil(minutes / 10) * 10
  return `${Math.floor(tens / 60)} h ${tens % 60} min`
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length
}
