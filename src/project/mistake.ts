import { UserError } from '../error.ts'

export type Path = readonly (string | number)[]

/** One thing wrong with a project file. `message` says what the value is and what would be right. */
export interface Mistake {
  readonly path: Path
  readonly message: string
  /** Whether the name at the end of the path is wrong rather than its value. */
  readonly inName?: boolean
}

/** Where in the file a path stands; 1-based. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** `generators.form.columns.phase[2].weight`; names that are not words are quoted. */
export function formatPath(path: Path): string {
  if (path.length === 0) return 'the project'
  let text = ''
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(segment)) text += text === '' ? segment : `.${segment}`
    else text += `[${JSON.stringify(segment)}]`
  }
  return text
}

/** A value as the person wrote it, cut where it is long. */
export function formatValue(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  let text: string
  try {
    text = JSON.stringify(value) ?? String(value)
  } catch {
    text = Object.prototype.toString.call(value)
  }
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** What stands at a path of a plain value; `undefined` where the path leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const segment of path) {
    if (current === null || typeof current !== 'object') return undefined
    current = Object.hasOwn(current, segment)
      ? (current as Record<string | number, unknown>)[segment]
      : undefined
  }
  return current
}

/** One error that lists every mistake, in the order of the file where positions are known. */
export function mistakesError(
  file: string,
  mistakes: readonly Mistake[],
  locate?: (mistake: Mistake) => Position | undefined,
): UserError {
  const placed = mistakes.map(mistake => ({ mistake, position: locate?.(mistake) }))
  placed.sort(
    (a, b) =>
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  )
  const lines = placed.map(({ mistake, position }) => {
    const where = position === undefined ? '' : ` (line ${position.line}, column ${position.column})`
    return `  ${formatPath(mistake.path)}${where}\n    ${mistake.message}`
  })
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`
  return new UserError(
    `${file} has ${count}:\n\n${lines.join('\n')}`,
    'Put these right and run `tilth check`.',
  )
}
