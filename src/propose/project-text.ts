import { stringify } from 'yaml'
import type { Proposal } from './propose.ts'

/** What a person who opens the file for the first time should know of each part. */
const comments: Readonly<Record<string, string>> = {
  sources:
    'Where the real examples are. `use: test` on a source of its own seals it; `share: local` keeps it on this machine.',
  split: 'The share of the rows that is sealed: no step but the last one sees it.',
  tasks:
    'What is learned. The held-out wordings are seen by the test alone, so that wording is not what is learned.',
  attributes: 'Columns that the examples must cover; gaps are counted over them.',
  target: 'The wanted shares of their values: uniform, real (as they are), or a number for each.',
  generators:
    'What makes synthetic rows: `records` learns the table, `rules` follows a grammar that you write, `seeds` recombines real texts.',
  evaluate:
    'Few repeats are quick; more of them tell smaller differences where there are too few rows to seal.',
  mixtures: 'Training sets that are compared with the real examples alone. The verdict is about the first.',
}

/** A proposed project as `tilth.config.ts`. */
export function formatTypeScript({ project, notes }: Proposal): string {
  const members = Object.entries(project).map(([key, value]) => {
    const comment = comments[key]
    const text = `  ${key}: ${formatLiteral(value, '  ')},`
    return comment === undefined ? text : `${commentLines(comment, '  // ')}\n${text}`
  })
  return [
    "import { defineProject } from 'tilth'",
    '',
    ...notes.map(note => commentLines(note, '// ')),
    'export default defineProject({',
    ...members,
    '})',
    '',
  ].join('\n')
}

/** A proposed project as `tilth.yaml`. */
export function formatYaml({ project, notes }: Proposal): string {
  const members = Object.entries(project).map(([key, value]) => {
    const comment = comments[key]
    const text = stringify({ [key]: value }, { lineWidth: 0, singleQuote: true }).trimEnd()
    return comment === undefined ? text : `\n${commentLines(comment, '# ')}\n${text}`
  })
  return [...notes.map(note => commentLines(note, '# ')), ...members, ''].join('\n').trimStart()
}

function commentLines(comment: string, mark: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of comment.split(/\s+/)) {
    if (line !== '' && mark.length + line.length + word.length > 98) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map(text => mark + text).join('\n')
}

/** Plain data as a TypeScript literal; on one line where it is short. */
export function formatLiteral(value: unknown, indent: string): string {
  if (typeof value === 'string') return quote(value)
  if (value === null || typeof value !== 'object') return String(value)
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const parts = (deep: string): string[] =>
    isList
      ? value.map(item => formatLiteral(item, deep))
      : Object.entries(value).map(([key, item]) => `${formatKey(key)}: ${formatLiteral(item, deep)}`)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  const space = isList ? '' : ' '
  const short = parts(inner).join(', ')
  if (short === '') return open + close
  if (short.length + indent.length < 80 && !short.includes('\n')) return open + space + short + space + close
  return `${open}\n${parts(inner)
    .map(part => `${inner}${part},\n`)
    .join('')}${indent}${close}`
}

function quote(text: string): string {
  if (text.includes('\n')) return `\`${text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&')}\``
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  if (!escaped.includes("'")) return `'${escaped}'`
  return escaped.includes('"') ? `'${escaped.replaceAll("'", "\\'")}'` : `"${escaped}"`
}

function formatKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
}
