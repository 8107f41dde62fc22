import path from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../src/error.ts'
import { loadProject } from '../src/project/project.ts'
import { badInputFolders, type BadCase, expectCase, goodProject, writeFiles } from './bad-input.ts'

const folders = badInputFolders()
/** The good project in TypeScript, after some lines of program. */
const program = (before: string): Record<string, string | null> => ({
  'tilth.yaml': null,
  'tilth.config.ts': `import { defineProject } from 'tilth'\n${before}\nexport default defineProject({} as never)\n`,
})
const changed = (from: string, to: string): Record<string, string> => {
  if (!goodProject.includes(from)) throw new Error(`the good project has no ${from}`)
  return { 'tilth.yaml': goodProject.replace(from, to) }
}

const cases: readonly BadCase[] = [
  {
    name: 'throws',
    files: program("if (process.pid > 0) throw new RangeError('no such year')"),
    command: ['check'],
    code: 1,
    says: ['tilth.config.ts:2:28 throws when it is read: RangeError: no such year', 'put right what throws'],
  },
  {
    name: 'throws in a file that it imports',
    files: {
      ...program("import './years.ts'"),
      'years.ts': 'const year: number = undefinedYear + 1\nexport { year }\n',
    },
    command: ['run'],
    code: 1,
    says: ['years.ts:1:22 throws when it is read: ReferenceError: undefinedYear is not defined'],
  },
  {
    name: 'throws later, from a timer',
    files: program(
      "setTimeout(() => { throw new Error('too late') }, 1)\nawait new Promise(next => setTimeout(next, 2000))",
    ),
    command: ['check'],
    code: 1,
    says: ['tilth.config.ts:2:26 throws when it is read: Error: too late'],
  },
  {
    name: 'ends the process',
    files: program('process.exit(0)'),
    command: ['run'],
    code: 1,
    says: ['tilth.config.ts ends before it has given its project', 'process.exit'],
  },
  {
    name: 'waits for what never comes',
    files: program('await new Promise(() => {})'),
    command: ['run'],
    code: 1,
    says: ['tilth.config.ts ends before it has given its project', 'awaits something that never comes'],
  },
  {
    name: 'is empty',
    files: { 'tilth.yaml': '' },
    command: ['run'],
    code: 1,
    says: ['tilth.yaml is empty', 'tilth init'],
  },
  {
    name: 'is a list',
    files: { 'tilth.yaml': '- one\n- two\n' },
    command: ['check'],
    code: 1,
    says: ['tilth.yaml has a mistake', 'the project'],
  },
  {
    name: 'holds a function where text should be',
    files: {
      'tilth.yaml': null,
      'tilth.config.ts':
        "export default { name: () => 'x', sources: {}, tasks: {}, generators: {}, mixtures: {} }\n",
    },
    command: ['check'],
    code: 1,
    says: ['name is a function; it should be a name of lower-case letters'],
  },
  {
    name: 'is YAML with tabs',
    files: { 'tilth.yaml': 'name: fields\nsources:\n\treports: { path: reports.csv, use: train }\n' },
    command: ['check'],
    code: 1,
    says: ['tilth.yaml is not YAML that can be read', 'line 3, column', 'Indent with spaces'],
  },
  {
    name: 'is YAML that grows without end',
    files: {
      'tilth.yaml': `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]}, `.repeat(10)}]\n`).join('')}`,
    },
    command: ['check'],
    code: 1,
    says: ['tilth.yaml uses its aliases (*name) too often', 'Write the values out'],
  },
  {
    name: 'says the same setting twice',
    files: { 'tilth.yaml': `${goodProject}attributes: [soil]\n` },
    command: ['check'],
    code: 1,
    says: ['tilth.yaml is not YAML that can be read', 'line 15, column 1', 'unique'],
  },
  {
    name: 'names an unknown generator',
    files: changed('use: records', 'use: recods'),
    command: ['run'],
    code: 1,
    says: ['generators.records.use (line 11, column 19) is "recods"', 'Did you mean "records"?'],
  },
  {
    name: 'names a mixture of generators that are not there',
    files: changed('generators: [records]', 'generators: [rules]'),
    command: ['run'],
    code: 1,
    says: ['mixtures.mixed.generators[0]', 'is "rules", which `generators` does not name'],
  },
  {
    name: 'has a template with an unknown variable',
    files: changed('{{ rain }}', '{{ rains }}'),
    command: ['check'],
    code: 1,
    says: ['tasks.yield.prompts[0] names "rains", which is no column of the data. Did you mean "rain"?'],
  },
  {
    name: 'has a template with an unknown variable, and is run at once',
    files: changed('{{ rain }}', '{{ rains }}'),
    command: ['run'],
    code: 1,
    says: ['rains', 'rain'],
  },
  {
    name: 'has a template that is no Jinja',
    files: changed('{{ rain }}', '{% if rain %}wet'),
    command: ['check'],
    code: 1,
    says: ['tasks.yield.prompts[0]', 'Jinja'],
  },
  {
    name: 'has a template with an endless loop',
    files: changed('{{ rain }}', '{% for i in range(100000000) %}{{ rain }}{% endfor %}'),
    command: ['run'],
    code: 1,
    says: ['range would give 100000000 numbers'],
  },
  {
    name: 'has a constraint that nothing can meet',
    files: changed('attributes:', "constraints: ['rain < 0']\nattributes:"),
    command: ['run'],
    code: 3,
    says: ['A mixture stayed empty', '`tilth validate` says why'],
  },
  {
    name: 'has a constraint that nothing can meet, and validate tells why',
    files: changed('attributes:', "constraints: ['rain < 0']\nattributes:"),
    command: ['validate'],
    code: 3,
    says: ['constraint'],
  },
  {
    name: 'has a constraint on a column that is not there',
    files: changed('attributes:', "constraints: ['rains < 90']\nattributes:"),
    command: ['check'],
    code: 1,
    says: ['constraints[0] names "rains"', 'Did you mean "rain"?'],
  },
  {
    name: 'asks for a target value that no row has',
    files: changed('generators:', 'target: { yield: { good: 1, splendid: 1 } }\ngenerators:'),
    command: ['run'],
    code: 0,
    says: [
      'the widest gap is yield = splendid (none where the target asks for about 30)',
      /rows are missing in 1 of/,
    ],
  },
  {
    name: 'learns a column that is not there',
    files: changed('answer: yield', 'answer: yeild'),
    command: ['check'],
    code: 1,
    says: ['"yeild"', 'Did you mean "yield"?'],
  },
  {
    name: 'leaves no rows to train on',
    files: changed('evaluate:', 'split: { dev: 0.5, test: 0.5 }\nevaluate:'),
    command: ['run'],
    code: 1,
    says: ['which leaves none to train on', 'Set split.test and split.dev'],
  },
  {
    name: 'asks for a seal where there are too few rows',
    files: changed('repeats: 1, folds: 3', 'regime: sealed'),
    command: ['run'],
    code: 1,
    says: ['the sealed regime needs at least 200 test rows, but there are 18', 'Leave out'],
  },
  {
    name: 'shows the answer in the request',
    files: changed('{{ rain }}', '{{ yield }}'),
    command: ['check'],
    code: 1,
    says: ['tasks.yield.prompts[0] (line 8, column 15) shows column "yield", which is the answer'],
  },
  {
    name: 'derives two columns from each other',
    files: changed(
      'tasks:',
      "columns: { wet: { derive: '{{ dry }}' }, dry: { derive: '{{ wet }}' } }\ntasks:",
    ),
    command: ['run'],
    code: 1,
    says: ['wet', 'dry'],
  },
  {
    name: 'is a folder',
    files: { 'tilth.yaml': null, 'tilth.yaml/notes.txt': 'x' },
    command: ['check'],
    code: 1,
    says: ['tilth.yaml is a folder, not a project file'],
  },
]

test.each(cases)('a project file that $name', async given => expectCase(folders.copyOfGood(), given))

test('a project file that loops for ever is stopped, and says so', async () => {
  const folder = folders.empty()
  writeFiles(folder, program('for (;;) {}'))
  const error: unknown = await loadProject(folder, { patience: 800 }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).message).toBe(
    'tilth.config.ts is still running after 0.8 s: it loops, or waits for something that does not come.',
  )
  expect((error as UserError).next).toContain('take out the loop')
})

test('a project file that loops for ever does not hold Ctrl-C', async () => {
  const folder = folders.empty()
  writeFiles(folder, program('for (;;) {}'))
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 300)
  const began = performance.now()
  await expect(loadProject(folder, { signal: stop.signal })).rejects.toThrow('aborted')
  expect(performance.now() - began).toBeLessThan(10_000)
})

test('a project file that imports more than defineProject has the library too', async () => {
  const folder = folders.copyOfGood()
  writeFiles(folder, {
    'tilth.yaml': null,
    'tilth.config.ts': `import { createRandom, defineProject } from 'tilth'
import { parse } from ${JSON.stringify(path.resolve('node_modules/yaml/dist/index.js'))}
import { readFileSync } from 'node:fs'
const project = parse.parse === undefined ? parse(readFileSync(new URL('project.txt', import.meta.url), 'utf8')) : {}
export default defineProject({ ...project, seed: createRandom(3, 'seed').integer(1, 100) })
`,
    'project.txt': goodProject,
  })
  const { project } = await loadProject(folder)
  expect(project.name).toBe('fields')
  expect(project.seed).toBeGreaterThan(0)
})
