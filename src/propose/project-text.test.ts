import { stripTypeScriptTypes } from 'node:module'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { formatTypeScript, formatYaml } from './project-text.ts'
import type { Proposal } from './propose.ts'

const proposal: Proposal = {
  project: {
    name: 'odd',
    sources: {
      rows: { path: "it's here.csv", use: 'train', drop: ['a "quoted" one', 'b\\c', 'null', '12'] },
    },
    tasks: {
      mark: {
        kind: 'label',
        answer: 'mark',
        prompts: [
          'Line one: {{ row["A b"] }}\nLine two `${x}` \\n',
          '{% if a is not none %}a: {{ a }}; {% endif %}? # no',
        ],
        heldOut: ['both \' and "', ' leading and trailing '],
      },
    },
    attributes: [],
    target: { mark: { yes: 0.5, 'no: never': 0.5 } },
    generators: { records: { use: 'records' } },
    mixtures: { mixed: { generators: ['records'], perReal: 2 } },
  },
  notes: [
    'A note that says */ and # and goes on for longer than one line of the file that it is written into, so it wraps.',
  ],
}

test('the TypeScript file evaluates to the proposal', () => {
  const text = formatTypeScript(proposal)
  const script = stripTypeScriptTypes(text)
    .replace(/^import .*$/m, '')
    .replace('export default defineProject(', 'return (')
  expect(new Function(script)()).toEqual(proposal.project)
})

test('the YAML file parses to the proposal', () => {
  expect(parse(formatYaml(proposal))).toEqual(proposal.project)
})

test('notes and explanations stand in it as comments of at most 100 columns', () => {
  for (const [text, mark] of [
    [formatTypeScript(proposal), '//'],
    [formatYaml(proposal), '#'],
  ] as const) {
    const comments = text.split('\n').filter(line => line.trimStart().startsWith(mark))
    expect(comments.join(' ')).toContain('goes on for longer')
    expect(comments.join(' ')).toContain('the verdict is about the first'.replace('the', 'The'))
    expect(Math.max(...comments.map(line => line.length))).toBeLessThanOrEqual(100)
  }
})
