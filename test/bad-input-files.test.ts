import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  badInputFolders,
  type BadCase,
  expectCase,
  expectNothingLost,
  goodProject,
  snapshot,
  writeFiles,
} from './bad-input.ts'
import { fieldReports, runTilth } from './tilth-process.ts'

const folders = badInputFolders()
const whole = gzipSync(fieldReports(600))
const from = (file: string): string => goodProject.replace('reports.csv', file)

const cases: readonly BadCase[] = [
  {
    name: 'an empty file',
    files: { 'reports.csv': '' },
    command: ['run'],
    code: 1,
    says: ['reports.csv is empty', 'Give a file with records'],
  },
  {
    name: 'a file of line breaks alone',
    files: { 'reports.csv': '\n\n\n' },
    command: ['run'],
    code: 1,
    says: ['reports.csv has a header at most, but no records'],
  },
  {
    name: 'a header without records',
    files: { 'reports.csv': 'plot,soil,rain,height,crop,yield\n' },
    command: ['check'],
    code: 1,
    says: ['reports.csv has a header at most, but no records', 'Give a file with records'],
  },
  {
    name: 'a file that is not there, with one of nearly its name beside it',
    files: { 'reports.csv': null, 'report.csv': fieldReports(60) },
    command: ['run'],
    code: 1,
    says: ['There is no file', 'reports.csv', 'Did you mean report.csv'],
  },
  {
    name: 'a file in a folder that is not there',
    files: { 'tilth.yaml': from('data/2024/reports.csv') },
    command: ['run'],
    code: 1,
    says: ['There is no folder', 'data/2024', 'Correct the path'],
  },
  {
    name: 'a folder instead of a file',
    files: { 'reports.csv': null, 'reports.csv/march.csv': fieldReports(60) },
    command: ['run'],
    code: 1,
    says: ['reports.csv is a folder, not a file', 'Name one of its files: march.csv'],
  },
  {
    name: 'a device instead of a file',
    files: { 'tilth.yaml': from('/dev/zero, format: csv') },
    command: ['run'],
    code: 1,
    says: ['/dev/zero is a device or a pipe, not a file', 'Save what it gives to a file'],
  },
  {
    name: 'a gzip that ends early',
    files: { 'reports.csv.gz': whole.subarray(0, -400), 'tilth.yaml': from('reports.csv.gz') },
    command: ['run'],
    code: 1,
    says: ['reports.csv.gz ends in the middle of its compressed data', 'Download or copy it again'],
  },
  {
    name: 'a gzip that ends early, when bad rows are to be skipped: half a file is no bad row',
    files: { 'reports.csv.gz': whole.subarray(0, -400), 'tilth.yaml': from('reports.csv.gz') },
    command: ['run', '--skip-bad-rows'],
    code: 1,
    says: ['reports.csv.gz ends in the middle of its compressed data'],
  },
  {
    name: 'a gzip with a damaged middle',
    files: {
      'reports.csv.gz': Buffer.concat([whole.subarray(0, 500), Buffer.alloc(60, 0xff), whole.subarray(560)]),
      'tilth.yaml': from('reports.csv.gz'),
    },
    command: ['check'],
    code: 1,
    says: ['reports.csv.gz is damaged', 'Download or copy it again'],
  },
  {
    name: 'a file that is called .gz and is none',
    files: { 'reports.csv.gz': fieldReports(60), 'tilth.yaml': from('reports.csv.gz') },
    command: ['check'],
    code: 1,
    says: ['reports.csv.gz is called .gz but is not compressed', 'Rename it'],
  },
  {
    name: 'a gzip of nothing',
    files: { 'reports.csv.gz': gzipSync(''), 'tilth.yaml': from('reports.csv.gz') },
    command: ['check'],
    code: 1,
    says: ['reports.csv.gz is empty once decompressed'],
  },
  {
    name: 'a picture that is called .csv',
    files: { 'reports.csv': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
    command: ['check'],
    code: 1,
    says: ['reports.csv is to be read as csv', 'those of a binary file'],
  },
  {
    name: 'a Parquet file that is called .csv',
    files: { 'reports.csv': Buffer.from('PAR1....PAR1') },
    command: ['check'],
    code: 1,
    says: ['its first bytes are those of parquet', 'Set format: parquet'],
  },
  {
    name: 'a Parquet file that is cut off',
    files: { 'reports.parquet': Buffer.from('PAR1 and no end'), 'tilth.yaml': from('reports.parquet') },
    command: ['check'],
    code: 1,
    says: ['reports.parquet cannot be read as Parquet', 'Download it or write it again'],
  },
  {
    name: 'a workbook that is damaged',
    files: { 'reports.xlsx': Buffer.from('PK\u0003\u0004 and no end'), 'tilth.yaml': from('reports.xlsx') },
    command: ['check'],
    code: 1,
    says: ['reports.xlsx cannot be read as an Excel workbook', 'Save it as .xlsx or as CSV'],
  },
  {
    name: 'one JSON document instead of lines',
    files: { 'reports.jsonl': '[\n  {"a": 1}\n]\n', 'tilth.yaml': from('reports.jsonl') },
    command: ['check'],
    code: 1,
    says: ['reports.jsonl:1:', 'jq -c ".[]"'],
  },
  {
    name: 'a file whose name tells no format',
    files: { 'reports.txt': fieldReports(60) },
    command: ['try', 'reports.txt', '--label', 'yield'],
    code: 1,
    says: ['The format of reports.txt does not follow from its name', 'csv, tsv, jsonl'],
  },
  {
    name: 'a project folder that is not there',
    files: {},
    command: ['run', '--project', 'nowhere'],
    code: 1,
    says: ['There is no file or folder', 'nowhere', 'tilth.config.ts or tilth.yaml'],
  },
  {
    name: 'a link that leads nowhere',
    files: { 'tilth.yaml': from('linked.csv') },
    command: ['run'],
    code: 1,
    says: ['There is no file', 'linked.csv'],
  },
]

test.each(cases)('$name', async given => {
  const folder = folders.copyOfGood()
  if (given.name.startsWith('a link')) symlinkSync('gone.csv', path.join(folder, 'linked.csv'))
  await expectCase(folder, given)
})

const isRoot = process.getuid?.() === 0

test.skipIf(!isRoot && process.platform === 'win32')('a file that may not be read', () => {
  const folder = folders.copyOfGood()
  spawnSync('chmod', ['-R', 'a+rX', path.dirname(folder)])
  spawnSync('chmod', ['000', path.join(folder, 'reports.csv')])
  const before = existsSync(path.join(folder, 'reports.csv'))
  // Root may read everything: the command is run as nobody.
  const { status, stderr } = spawnSync(process.execPath, [path.resolve('src/cli/main.ts'), 'check'], {
    cwd: folder,
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
    env: { ...process.env, NO_COLOR: '1', HOME: folder },
  })
  const text = stderr.toString().replaceAll(/\s+/g, ' ')
  expect(text).toContain('reports.csv may not be read')
  expect(text).toContain('Give yourself the right to read it')
  expect(status).toBe(1)
  expect(existsSync(path.join(folder, 'reports.csv'))).toBe(before)
})

test('a pipe instead of a file', { timeout: 20_000 }, async ({ skip }) => {
  const folder = folders.copyOfGood()
  if (spawnSync('mkfifo', [path.join(folder, 'pipe.csv')]).status !== 0) skip('this system makes no pipes')
  writeFiles(folder, { 'tilth.yaml': from('pipe.csv') })
  const before = snapshot(folder)
  const { code, err } = await runTilth(folder, 'run')
  expect(err.replaceAll(/\s+/g, ' ')).toContain('pipe.csv is a device or a pipe, not a file')
  expect(code).toBe(1)
  expectNothingLost(before, snapshot(folder))
})

test('an empty folder', async () => {
  const folder = folders.empty()
  mkdirSync(path.join(folder, 'inner'))
  await expectCase(folder, {
    name: 'an empty folder',
    files: {},
    command: ['try', 'inner'],
    code: 1,
    says: ['inner is a folder, not a file', 'It is empty'],
  })
})
