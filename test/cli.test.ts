import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { fieldReports, folderWith, runTilth } from './tilth-process.ts'

const commands = ['try', 'init', 'run', 'report', 'check']
const steps = [
  'gaps',
  'advise',
  'generate',
  'validate',
  'review',
  'mix',
  'tune',
  'evaluate',
  'export',
  'chat',
  'serve',
  'model',
  'runs',
  'clean',
  'completion',
]

let empty: string
beforeAll(() => {
  empty = folderWith({})
})

test('help shows the five main commands, the exit codes and where to start', async () => {
  const { code, out, err } = await runTilth(empty, '--help')
  expect(code).toBe(0)
  expect(err).toBe('')
  const listed = [...out.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(match => match[1])
  expect(listed).toEqual(commands)
  expect(out).toContain('tilth try reports.csv --label damage')
  for (const exitCode of ['0', '1', '2', '3', '70', '130'])
    expect(out).toMatch(new RegExp(`^ {2}${exitCode} +\\w`, 'm'))
})

test('no argument at all shows the same help', async () => {
  const [bare, asked] = await Promise.all([runTilth(empty), runTilth(empty, '--help')])
  expect(bare).toEqual(asked)
})

test('--all lists the single steps too', async () => {
  const { out } = await runTilth(empty, '--help', '--all')
  const listed = [...out.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(match => match[1])
  expect(listed).toEqual([...commands, ...steps])
})

test('`tilth help run` is the help of run', async () => {
  expect((await runTilth(empty, 'help', 'run')).out).toBe((await runTilth(empty, 'run', '--help')).out)
})

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect((await runTilth(empty, '--version')).out).toBe(`${version}\n`)
})

test.each([
  { raw: ['rum'], says: '"rum" is not a command. Did you mean "run"?' },
  { raw: ['reports.csv'], says: 'Did you mean `tilth try reports.csv`?' },
  { raw: ['run', '--sead', '3'], says: '--sead is not a flag of `tilth run`. Did you mean "--seed"?' },
  { raw: ['run', '--seed', 'one'], says: '--seed is "one"; it should be a whole number from 0.' },
  { raw: ['--everything'], says: '--everything is not a flag of `tilth`.' },
])('$raw is refused with exit code 2 and says what was meant', async ({ raw, says }) => {
  const { code, err } = await runTilth(empty, ...raw)
  expect(code).toBe(2)
  expect(err.replaceAll(/\s+/g, ' ')).toContain(says)
  expect(err).not.toContain('    at ')
})

test('an empty folder says that there is no project, what needs none, and ends with 1', async () => {
  const { code, out, err } = await runTilth(empty, 'run')
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toContain('There is no project in')
  expect(err).toContain('tilth try')
  expect(err).not.toContain('    at ')
})

test('a folder with data but no project names the data file', async () => {
  const folder = folderWith({ 'reports.csv': 'a,b\n1,2\n' })
  const { err } = await runTilth(folder, 'run')
  expect(err).toContain('tilth try reports.csv')
})

test('--json gives a mistake as one JSON document on standard output', async () => {
  const { code, out, err } = await runTilth(empty, 'run', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    error: { code: 1, message: expect.stringContaining('no project') as unknown },
  })
  expect(err).toContain('There is no project')
})

test.each([
  { file: 'missing.csv', says: 'There is no file' },
  { file: 'notes.md', says: 'The format of notes.md does not follow from its name' },
  { file: 'empty.csv', says: 'empty.csv is empty' },
  { file: '.', says: 'is a folder, not a file' },
])('try $file says what is wrong with it', async ({ file, says }) => {
  const folder = folderWith({ 'notes.md': '# notes\n', 'empty.csv': '' })
  const { code, err } = await runTilth(folder, 'try', file)
  expect(code).toBe(1)
  expect(err).toContain(says)
})

test('try names the columns where the label is not one of them', async () => {
  const folder = folderWith({ 'reports.csv': fieldReports(60) })
  const { code, err } = await runTilth(folder, 'try', 'reports.csv', '--label', 'yeild')
  expect(code).toBe(1)
  expect(err).toContain('There is no column "yeild". Did you mean "yield"?')
})

test('try lists what could be learned where that is not clear', async () => {
  const folder = folderWith({ 'reports.csv': fieldReports(60) })
  const { code, err } = await runTilth(folder, 'try', 'reports.csv')
  expect(code).toBe(1)
  expect(err).toContain('soil: clay, sand, loam')
  expect(err).toContain('yield: ')
  expect(err).toContain('--label yield')
})

test('runs and report of a folder without runs say how to make one', async () => {
  const [runs, report] = await Promise.all([runTilth(empty, 'runs'), runTilth(empty, 'report')])
  expect(runs).toEqual({ code: 0, out: '', err: 'No run yet: `tilth run` makes one.\n' })
  expect(report.code).toBe(1)
  expect(report.err).toContain('`tilth run` makes one')
})
