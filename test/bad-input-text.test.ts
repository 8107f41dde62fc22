import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { badInputFolders, type BadCase, expectCase, goodProject } from './bad-input.ts'
import { sharedData } from './scratch-folder.ts'
import { fieldReports } from './tilth-process.ts'

const folders = badInputFolders()
const good = fieldReports(60)
const lines = good.trimEnd().split('\n')
/** The table with another line in place of one of its own; lines count from 1, the header is the first. */
const withLine = (line: number, text: string): string => lines.with(line - 1, text).join('\n')
const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const accented = withLine(31, 'plot-29,clay,73,56.6,ma\u00efs,poor')
const jsonl = lines.slice(1).map(line => {
  const [plot, soil, rain, height, crop, yielded] = line.split(',')
  return JSON.stringify({ plot, soil, rain: Number(rain), height: Number(height), crop, yield: yielded })
})
const ofJsonl = goodProject.replace('reports.csv', 'reports.jsonl')

interface SetAsideLine {
  readonly record: number
  readonly line: number
  readonly column: number | null
  readonly problem: string
  readonly raw: string
}

/** The records of the newest run that were set aside. */
function setAside(folder: string, place = 'runs'): readonly SetAsideLine[] {
  const base = place === 'runs' ? path.join(folder, 'runs') : path.join(folder, '.tilth/private/bad-rows')
  const files = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter(name =>
    /(?:^|[/\\])reports\.jsonl$/.test(name),
  )
  expect(files).toHaveLength(1)
  return readFileSync(path.join(base, files[0]!), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as SetAsideLine)
}

const sound: Pick<BadCase, 'command' | 'code' | 'says'> = {
  command: ['check'],
  code: 0,
  says: ['tilth.yaml is in order', /reports train anyone 60 5/],
}

const cases: readonly BadCase[] = [
  { name: 'a byte-order mark', files: { 'reports.csv': `\uFEFF${good}` }, ...sound },
  { name: 'Windows line ends', files: { 'reports.csv': good.replaceAll('\n', '\r\n') }, ...sound },
  {
    name: 'blank lines between the records',
    files: { 'reports.csv': good.replaceAll('\n', '\n\n') },
    ...sound,
  },
  { name: 'no line end at the end', files: { 'reports.csv': good.trimEnd() }, ...sound },
  { name: 'semicolons instead of commas', files: { 'reports.csv': good.replaceAll(',', ';') }, ...sound },
  {
    name: 'carriage returns alone as line ends',
    files: { 'reports.csv': good.replaceAll('\n', '\r') },
    command: ['check'],
    code: 1,
    says: ['reports.csv ends its lines with carriage returns alone', 'tr'],
  },
  {
    name: 'Latin-1: the byte is named with its line, and the encoding is not guessed',
    files: { 'reports.csv': latin(accented) },
    command: ['run'],
    code: 1,
    says: [
      'reports.csv:31:24: not valid UTF-8',
      'bytes ef 73 2c',
      'iconv -f WINDOWS-1252',
      '--skip-bad-rows',
    ],
  },
  {
    name: 'Latin-1 in one row, which is skipped',
    files: { 'reports.csv': latin(accented) },
    command: ['run', '--skip-bad-rows'],
    code: 0,
    says: [
      '1 record of reports.csv cannot be read and is set aside',
      'reports.csv:31:24',
      'bad-rows/reports.jsonl',
    ],
    also: folder => {
      expect(setAside(folder)).toEqual([
        {
          record: 30,
          line: 31,
          column: 24,
          problem: expect.stringContaining('not valid UTF-8') as unknown,
          raw: 'plot-29,clay,73,56.6,ma\u00efs,poor',
        },
      ])
    },
  },
  {
    name: 'Latin-1 in every row: skipping is no way out',
    files: { 'reports.csv': latin(good.replaceAll('clay', 'argile \u00e0').replaceAll('sand', 'gr\u00e8s')) },
    command: ['run', '--skip-bad-rows'],
    code: 1,
    says: ['40 of the 60 records of reports.csv cannot be read', 'no more than a tenth', 'iconv'],
  },
  {
    name: 'Latin-1 in the header',
    files: { 'reports.csv': latin(good.replace('height', 'h\u00f6he')) },
    command: ['run', '--skip-bad-rows'],
    code: 1,
    says: ['reports.csv:1:17: in the header, not valid UTF-8'],
  },
  {
    name: 'Latin-1 in one line of JSON',
    files: {
      'reports.jsonl': latin(jsonl.with(4, '{"soil": "gr\u00e8s"}').join('\n')),
      'tilth.yaml': ofJsonl,
    },
    command: ['check'],
    code: 1,
    says: ['reports.jsonl:5:13: not valid UTF-8', '--skip-bad-rows'],
  },
  {
    name: 'UTF-16',
    files: { 'reports.csv': Buffer.from(`\uFEFF${good}`, 'utf16le') },
    command: ['check'],
    code: 1,
    says: ['reports.csv is UTF-16 text', 'iconv -f UTF-16 -t UTF-8'],
  },
  {
    name: 'a NUL in a row',
    files: { 'reports.csv': withLine(3, 'plot-1,sa\0nd,37,91.9,rye,poor') },
    command: ['run'],
    code: 1,
    says: ['reports.csv:3:10: byte 10 of the line is a NUL', '--skip-bad-rows'],
  },
  {
    name: 'a NUL in a row, which is skipped',
    files: { 'reports.csv': withLine(3, 'plot-1,sa\0nd,37,91.9,rye,poor') },
    command: ['run', '--skip-bad-rows'],
    code: 0,
    says: ['1 record of reports.csv cannot be read and is set aside'],
    also: folder => expect(setAside(folder)[0]!.raw).toBe('plot-1,sa\0nd,37,91.9,rye,poor'),
  },
  {
    name: 'a NUL that JSON writes as an escape',
    files: {
      'reports.jsonl': jsonl.with(2, jsonl[2]!.replace('loam', String.raw`lo\u0000am`)).join('\n'),
      'tilth.yaml': ofJsonl,
    },
    command: ['run'],
    code: 1,
    says: ['reports.jsonl:3', 'NUL'],
  },
  {
    name: 'a last line that is cut off',
    files: { 'reports.csv': good.slice(0, -14) },
    command: ['run'],
    code: 1,
    says: ['reports.csv:61: the record has 4 fields where the header has 6', '--skip-bad-rows'],
  },
  {
    name: 'a last line that is cut off, which is skipped',
    files: { 'reports.csv': good.slice(0, -14) },
    command: ['check', '--skip-bad-rows'],
    code: 0,
    says: ['1 record of reports.csv cannot be read and is set aside', /reports train anyone 59 5/],
  },
  {
    name: 'a last line of JSON that is cut off',
    files: { 'reports.jsonl': jsonl.join('\n').slice(0, -10), 'tilth.yaml': ofJsonl },
    command: ['run'],
    code: 1,
    says: [/reports\.jsonl:60:\d+: .*cut off/],
  },
  {
    name: 'ragged rows: all are counted, the first are named',
    files: { 'reports.csv': `${good}${'plot-x,clay\n'.repeat(3)}${'a,b,c,d,e,f,g\n'.repeat(4)}` },
    command: ['check'],
    code: 1,
    says: [
      'reports.csv:62: the record has 2 fields where the header has 6',
      'reports.csv:65: the record has 7 fields',
      '2 more records cannot be read',
      '--skip-bad-rows',
    ],
  },
  {
    name: 'ragged rows, which are skipped',
    files: { 'reports.csv': `${good}plot-x,clay\na,b,c,d,e,f,g\n` },
    command: ['run', '--skip-bad-rows', '--json'],
    code: 0,
    says: ['2 records of reports.csv cannot be read and are set aside'],
    also: (folder, { out }) => {
      expect(setAside(folder).map(({ line, raw }) => [line, raw])).toEqual([
        [62, 'plot-x,clay'],
        [63, 'a,b,c,d,e,f,g'],
      ])
      const { report } = JSON.parse(out) as { report: { data: { sources: object[] } } }
      expect(report.data.sources[0]).toMatchObject({ rows: 60, setAside: 2 })
    },
  },
  {
    name: 'ragged rows in a file that may not leave the machine',
    files: {
      'reports.csv': `${good}secret,clay\n`,
      'tilth.yaml': goodProject
        .replace('use: train', 'use: train')
        .replace('tasks:', '  archive: { path: reports.csv, use: fit, share: local, drop: [plot] }\ntasks:')
        .replace('reports: { path: reports.csv, use: train', 'reports: { path: clean.csv, use: train')
        .replaceAll('archive:', 'reports-local:'),
      'clean.csv': good,
    },
    command: ['run', '--skip-bad-rows'],
    code: 0,
    says: ['.tilth/private/bad-rows/'],
    saysNot: ['secret'],
    also: folder => {
      const base = path.join(folder, '.tilth/private/bad-rows')
      const [id] = readdirSync(base)
      const file = path.join(base, id!, 'reports-local.jsonl')
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(statSync(base).mode & 0o777).toBe(0o700)
      expect(readFileSync(file, 'utf8')).toContain('secret,clay')
      expect(existsSync(path.join(folder, 'runs', id!, 'bad-rows'))).toBe(false)
      expect(readFileSync(path.join(folder, 'runs', id!, 'report.html'), 'utf8')).not.toContain('secret')
    },
  },
  {
    name: 'more bad rows than may be skipped',
    files: { 'reports.csv': `${good}${'plot-x,clay\n'.repeat(9)}` },
    command: ['gaps', '--skip-bad-rows'],
    code: 1,
    says: ['9 of the 69 records of reports.csv cannot be read, and no more than a tenth', 'reports.csv:62'],
  },
  {
    name: 'a header that names a column twice',
    files: { 'reports.csv': good.replace('height', 'rain') },
    command: ['run'],
    code: 1,
    says: ['reports.csv:1: the header names "rain" more than once (fields 3, 4)', 'its own name'],
  },
  {
    name: 'a header with a name left out',
    files: { 'reports.csv': good.replace('height', '') },
    command: ['check'],
    code: 0,
    says: ['tilth.yaml is in order'],
  },
  {
    name: 'a quote that is never closed',
    files: { 'reports.csv': withLine(20, 'plot-x,"clay,3,4,rye,good') },
    command: ['run'],
    code: 1,
    says: ['reports.csv:20:8: the quote opened here is never closed', 'Close the quote'],
  },
  {
    name: 'a quote that is never closed: the rows after it are not lost',
    files: { 'reports.csv': withLine(20, 'plot-x,"clay,3,4,rye,good') },
    command: ['check', '--skip-bad-rows'],
    code: 0,
    says: [/reports train anyone 59 5/],
  },
  {
    name: 'broken JSON in one line, which is skipped',
    files: { 'reports.jsonl': jsonl.with(7, '{"soil": clay}').join('\n'), 'tilth.yaml': ofJsonl },
    command: ['run', '--skip-bad-rows'],
    code: 0,
    says: ['1 record of reports.jsonl cannot be read and is set aside', 'reports.jsonl:8:10'],
  },
  {
    name: 'try skips bad rows too, and says what run needs',
    files: { 'tilth.yaml': null, 'reports.csv': `${good}plot-x,clay\n` },
    command: ['try', 'reports.csv', '--label', 'yield', '--skip-bad-rows', '--save'],
    code: 0,
    says: ['1 record of reports.csv cannot be read and is set aside', '`tilth run --skip-bad-rows`'],
  },
  {
    name: 'init without the flag tells of it',
    files: { 'tilth.yaml': null, 'reports.csv': `${good}plot-x,clay\n` },
    command: ['init', 'reports.csv', '--label', 'yield'],
    code: 1,
    says: ['reports.csv:62', '--skip-bad-rows'],
    also: folder => expect(existsSync(path.join(folder, 'tilth.config.ts'))).toBe(false),
  },
  {
    name: 'ten megabytes in one field',
    files: { 'reports.csv': withLine(10, `plot-8,"${'wet '.repeat(2_500_000)}",3,4,rye,good`) },
    command: ['check'],
    code: 0,
    says: ['tilth.yaml is in order', /reports train anyone 60 5/],
  },
  {
    name: 'ten megabytes in one JSON string',
    files: {
      'reports.jsonl': jsonl.with(7, jsonl[7]!.replace('rye', 'rye '.repeat(2_500_000))).join('\n'),
      'tilth.yaml': ofJsonl,
    },
    command: ['check'],
    code: 0,
    says: ['tilth.yaml is in order'],
  },
]

test.each(cases)('$name', async given => expectCase(folders.copyOfGood(), given))

test.skipIf(!existsSync(sharedData))(
  'a real file that is not UTF-8 is told with its line (needs ../shared/data)',
  async () => {
    const file = path.resolve(sharedData, 'snips/train_PlayMusic.json')
    await expectCase(folders.copyOfGood(), {
      name: 'snips',
      files: { 'tilth.yaml': null },
      command: ['try', file, '--format', 'jsonl', '--label', 'yield'],
      code: 1,
      says: [/train_PlayMusic\.json:\d+:\d+: /, 'jq'],
    })
  },
)
