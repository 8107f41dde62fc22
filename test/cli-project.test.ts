import { expect, test } from 'vitest'
import { fieldReports, folderWith, runTilth } from './tilth-process.ts'

const good = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['Soil {{ soil }}, rain {{ rain }}: which yield?']
attributes: [yield]
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
`
const data = { 'reports.csv': fieldReports(60) }

test('check says that a good project is in order', async () => {
  const { code, out } = await runTilth(folderWith({ 'tilth.yaml': good, ...data }), 'check')
  expect(code).toBe(0)
  expect(out).toContain('tilth.yaml is in order')
  expect(out).toMatch(/reports +train +anyone +60 +5/)
})

test('a YAML project tells all its mistakes at once, each with line and column', async () => {
  const wrong = good
    .replace('use: train', 'use: training')
    .replace('attributes:', 'atributes:')
    .replace('generators: [records]', 'generators: [record]')
    .replace('perReal: 1', 'perReal: lots')
  const { code, err } = await runTilth(folderWith({ 'tilth.yaml': wrong, ...data }), 'check')
  expect(code).toBe(1)
  const text = err.replaceAll(/\s+/g, ' ')
  expect(text).toContain('tilth.yaml has 4 mistakes')
  expect(text).toContain(
    'sources.reports.use (line 3, column 38) is "training"; it should be "train", "fit" or "test". Did you mean "train"?',
  )
  expect(text).toContain('atributes (line 9, column 1) is not a setting. Did you mean "attributes"?')
  expect(text).toContain(
    'mixtures.mixed.generators[0] (line 13, column 25) is "record", which `generators` does not name. Did you mean "records"?',
  )
  expect(text).toContain(
    'mixtures.mixed.perReal (line 13, column 43) is "lots"; it should be a number above 0 to 1000.',
  )
})

test('a YAML project that cannot be parsed tells where', async () => {
  const { code, err } = await runTilth(folderWith({ 'tilth.yaml': 'name: [fields\nsources: {\n' }), 'run')
  expect(code).toBe(1)
  expect(err).toContain('line 2, column 1')
})

const typescript = `import { defineProject } from 'tilth'
import { prompts } from './prompts.ts'
export default defineProject({
  name: 'fields',
  sources: { reports: { path: 'reports.csv', use: 'train', drop: ['plot'] } },
  tasks: { yield: { kind: 'label', answer: 'yield', prompts } },
  generators: { records: { use: 'records' } },
  mixtures: { mixed: { generators: ['records'], perReal: 1 } },
})
`
const prompts = "export const prompts: string[] = ['Soil {{ soil }}, rain {{ rain }}: which yield?']\n"

test('a TypeScript project finds tilth and its own files, wherever it stands', async () => {
  const folder = folderWith({ 'tilth.config.ts': typescript, 'prompts.ts': prompts, ...data })
  const { code, err, out } = await runTilth(folder, 'check')
  expect(err).toBe('')
  expect(out).toContain('tilth.config.ts is in order')
  expect(code).toBe(0)
})

test('a TypeScript project may give its project as a promise', async () => {
  const later = typescript.replace('export default defineProject({', 'export default Promise.resolve({')
  const folder = folderWith({ 'tilth.config.ts': later, 'prompts.ts': prompts, ...data })
  expect((await runTilth(folder, 'check')).code).toBe(0)
})

test('a TypeScript project tells all its mistakes at once', async () => {
  const wrong = typescript
    .replace("use: 'train'", "use: 'train', share: 'local'")
    .replace('generators: {', 'split: { tests: 0.2 },\n  generators: {')
    .replace("use: 'records' }", "use: 'records', leaf: 0.5 }")
  const folder = folderWith({
    'tilth.config.ts': wrong,
    'prompts.ts': prompts.replace('which yield?', '{{ yield }}'),
    ...data,
  })
  const { code, err } = await runTilth(folder, 'run')
  expect(code).toBe(1)
  const text = err.replaceAll(/\s+/g, ' ')
  expect(text).toContain('tilth.config.ts has 4 mistakes')
  expect(text).toContain('split.tests is not a setting. Did you mean "test"?')
  expect(text).toContain('generators.records.leaf is 0.5; it should be a whole number from 1.')
  expect(text).toContain('sources.reports.share is "local" on a source with use "train"')
  expect(text).toContain('tasks.yield.prompts[0] shows column "yield", which is the answer.')
})

test.each([
  {
    what: 'a syntax error',
    text: 'const x = {\nexport default x\n',
    says: 'tilth.config.ts:2 cannot be read',
  },
  { what: 'an enum', text: 'enum A { b }\nexport default A\n', says: 'with their types taken off' },
  {
    what: 'a missing import',
    text: "import x from './nope.ts'\nexport default x\n",
    says: 'imports what is not there',
  },
  {
    what: 'a throw',
    text: "throw new RangeError('no such year')\n",
    says: 'tilth.config.ts:1:7 throws when it is read: RangeError: no such year',
  },
  { what: 'no default export', text: 'export const project = {}\n', says: 'has no default export' },
  { what: 'a function', text: 'export default () => ({})\n', says: 'the project is a function' },
  { what: 'nothing', text: 'export default null\n', says: 'tilth.config.ts is empty' },
])('a TypeScript project with $what is a mistake of its own, not of tilth', async ({ text, says }) => {
  const { code, err } = await runTilth(folderWith({ 'tilth.config.ts': text }), 'check')
  expect(code).toBe(1)
  expect(err.replaceAll(/\s+/g, ' ')).toContain(says)
  expect(err).not.toContain('    at ')
})

test('two project files in a folder are refused', async () => {
  const { code, err } = await runTilth(
    folderWith({ 'tilth.yaml': good, 'tilth.config.ts': typescript }),
    'check',
  )
  expect(code).toBe(1)
  expect(err).toContain('more than one project file')
})

test('check reads the data too: bad records, and columns that are not there', async () => {
  const folder = folderWith({
    'tilth.yaml': good.replace('{{ rain }}', '{{ rains }}'),
    'reports.csv': `${fieldReports(20)}plot-x,clay\n`,
  })
  const { code, err } = await runTilth(folder, 'check')
  expect(code).toBe(1)
  const text = err.replaceAll(/\s+/g, ' ')
  expect(text).toContain('reports.csv:22')
  expect(text).toContain('names "rains", which is no column of the data. Did you mean "rain"?')
})

test('check warns of what would spoil a run, with what to do, and still ends with 0', async () => {
  const rows = fieldReports(60)
  const folder = folderWith({ 'tilth.yaml': good, 'reports.csv': `${rows}${rows.split('\n')[1]}\n` })
  const [shown, json] = await Promise.all([runTilth(folder, 'check'), runTilth(folder, 'check', '--json')])
  expect(shown.code).toBe(0)
  const text = shown.out.replaceAll(/\s+/g, ' ')
  expect(text).toContain(
    '! 1 training row of 61 repeats an earlier one in every column. Take the repetitions out',
  )
  expect(text).toContain('tilth.yaml can be run, but look at the warning above.')
  expect(JSON.parse(json.out)).toMatchObject({
    findings: [{ severity: 'warning', next: expect.stringContaining('repetitions') as unknown }],
    plan: { regime: 'scarce' },
  })
})

test('check --json lists errors as findings, and ends with 1', async () => {
  const folder = folderWith({ 'tilth.yaml': good.replace('{{ rain }}', '{{ rains }}'), ...data })
  const { code, out } = await runTilth(folder, 'check', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    findings: [{ severity: 'error', message: expect.stringContaining('"rains"') as unknown }],
    plan: null,
  })
})
