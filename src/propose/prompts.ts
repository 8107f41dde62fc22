import type { Column } from '../data/schema.ts'

export interface Wordings {
  readonly prompts: readonly string[]
  readonly heldOut: readonly string[]
}

/** More columns than this make a request that nobody would read. */
export const mostColumns = 40

/** Ways to ask for an answer from a row's columns, in words; the held-out ones are seen by the test alone. */
export function askFromColumns(columns: readonly Column[], answer: string): Wordings {
  const shown = columns.slice(0, mostColumns)
  const words = wordsOf(answer)
  const lines = listColumns(shown, column => `${capital(wordsOf(column.name))}: ${valueOf(column)}\n`)
  const phrases = listColumns(shown, column => `${wordsOf(column.name)} ${valueOf(column)}; `)
  const pairs = listColumns(shown, column => `${wordsOf(column.name)} = ${valueOf(column)}, `)
  const facts = listColumns(shown, column => `the ${wordsOf(column.name)} is ${valueOf(column)}, `)
  return {
    prompts: [
      `${lines}What is the ${words}?`,
      `This is known: ${phrases}now name the ${words}.`,
      `In a case where ${facts}what is the ${words}?`,
      `Record: ${pairs}${words} = ?`,
    ],
    heldOut: [`Here is a record: ${phrases}which ${words} fits?`, `${lines}Your answer for the ${words}:`],
  }
}

/** Ways to ask for an answer about a text. */
export function askAboutText(text: Column, answer: string): Wordings {
  const [words, value] = [wordsOf(answer), `{{ ${reference(text.name)} }}`]
  return {
    prompts: [
      `${value}\n\nWhat is the ${words}?`,
      `Read this text and name its ${words}: ${value}`,
      `Text: ${value}\n${capital(words)}:`,
      `Which ${words} does this belong to? "${value}"`,
    ],
    heldOut: [`Decide on the ${words} of the following. ${value}`, `"${value}" Your choice of ${words}:`],
  }
}

/** The answers to choose from, as a system message; none where there are too many to list. */
export function listAnswers(labels: readonly string[]): string | undefined {
  if (labels.length > 20) return undefined
  return `Answer with one of: ${labels.map(escapeJinja).join(', ')}.`
}

/** `Wildlife_Size` as `wildlife size`, `timeOfDay` as `time of day`. */
export function wordsOf(name: string): string {
  const words = name
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[_\s-]+/g, ' ')
    .trim()
  return escapeJinja(/^\p{Lu}{2,}$/u.test(words) ? words : words.toLowerCase())
}

/** Missing values are left out, with their names. */
function listColumns(columns: readonly Column[], part: (column: Column) => string): string {
  return columns
    .map(column =>
      column.missing === 0
        ? part(column)
        : `{% if ${reference(column.name)} is not none %}${part(column)}{% endif %}`,
    )
    .join('')
}

function valueOf(column: Column): string {
  return `{{ ${reference(column.name)} }}`
}

/** Words that mean something to Jinja, so that a column of that name must be asked of `row`. */
const reserved = new Set(
  'row loop caller varargs kwargs range namespace raise_exception true false none True False None and or not in is if else elif for set macro call filter block recursive'.split(
    ' ',
  ),
)

function reference(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !reserved.has(name) ? name : `row[${JSON.stringify(name)}]`
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Braces of a name or a label must not begin a Jinja expression. */
function escapeJinja(text: string): string {
  return text.replaceAll(/\{([{%#])/g, '{ $1')
}
