import { expect, test } from 'vitest'
import { badInputFolders, type BadCase, expectCase, goodProject } from './bad-input.ts'
import { fieldReports } from './tilth-process.ts'

const folders = badInputFolders()
const good = fieldReports(60)
const lines = good.trimEnd().split('\n')
/** The table with the cells of one column made anew, from row 0 on. */
function withColumn(name: string, valueOf: (row: number) => string): string {
  const place = lines[0]!.split(',').indexOf(name)
  return lines
    .map((line, index) =>
      index === 0
        ? line
        : line
            .split(',')
            .with(place, valueOf(index - 1))
            .join(','),
    )
    .join('\n')
}

interface Shown {
  readonly report: {
    readonly data: { split: { train: number } }
    readonly uplift: readonly { readonly value: number; readonly interval: { low: number; high: number } }[]
    readonly gaps: object
  }
}

/** What `--json` gave, of which every number is one. */
function reportIn(out: string): Shown['report'] {
  const { report } = JSON.parse(out) as Shown
  expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/)
  return report
}

const cases: readonly BadCase[] = [
  {
    name: 'one row',
    files: { 'reports.csv': lines.slice(0, 2).join('\n') },
    command: ['run'],
    code: 1,
    says: ['yield has only the label "good" in the real training rows', 'at least two values'],
  },
  {
    name: 'one row, tried',
    files: { 'tilth.yaml': null, 'reports.csv': lines.slice(0, 2).join('\n') },
    command: ['try', 'reports.csv', '--label', 'yield'],
    code: 1,
    says: ['Column "yield" has a value in 1 of 1 row: too few', 'a few dozen examples'],
  },
  {
    name: 'two rows',
    files: { 'reports.csv': lines.slice(0, 3).join('\n') },
    command: ['run'],
    code: 1,
    says: ['too few for 5 folds', 'Give more real rows'],
  },
  {
    name: 'one class',
    files: { 'reports.csv': withColumn('yield', () => 'good') },
    command: ['run'],
    code: 1,
    says: ['yield has only the label "good"', 'bring rows with at least two values of "yield"'],
  },
  {
    name: 'one class, tried',
    files: { 'tilth.yaml': null, 'reports.csv': withColumn('yield', () => 'good') },
    command: ['try', 'reports.csv', '--label', 'yield'],
    code: 1,
    says: ['yield has only the label "good"', 'bring rows with at least two values of "yield"'],
  },
  {
    name: 'a label that one row has',
    files: {
      'reports.csv': withColumn('yield', row => (row === 7 ? 'splendid' : row % 2 === 0 ? 'good' : 'poor')),
    },
    command: ['run', '--json'],
    code: 0,
    says: ['splendid'],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'a label that only the test rows have',
    files: {
      'test.csv': `${fieldReports(240).replaceAll('plot-', 'test-').trimEnd().split('\n').slice(0, -5).join('\n')}\n${'t,clay,3,4,rye,splendid\n'.repeat(5)}`,
      'tilth.yaml': goodProject
        .replace('tasks:', '  later: { path: test.csv, use: test, drop: [plot] }\ntasks:')
        .replace('repeats: 1, folds: 3', 'seeds: 5'),
    },
    command: ['run', '--json'],
    code: 0,
    says: ['"regime": "sealed"'],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'rows that are all the same',
    files: { 'reports.csv': [lines[0], ...Array.from({ length: 60 }, () => lines[3])].join('\n') },
    command: ['run'],
    code: 1,
    says: ['yield has only the label', 'at least two values'],
  },
  {
    name: 'two rows, thirty times each',
    files: {
      'reports.csv': [lines[0], ...Array.from({ length: 60 }, (_, row) => lines[2 + (row % 2)])].join('\n'),
    },
    command: ['run', '--json'],
    code: 3,
    says: ['There is no evidence', 'duplicate'],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'rows that contradict each other',
    files: {
      'reports.csv': [
        lines[0],
        ...Array.from(
          { length: 60 },
          (_, row) => `plot-${row},clay,${row >> 1},4.5,rye,${row % 2 === 0 ? 'good' : 'poor'}`,
        ),
      ].join('\n'),
    },
    command: ['gaps'],
    code: 0,
    says: ['reports:1, reports:2 ask the same and answer good, poor'],
  },
  {
    name: '5,000 categories',
    files: {
      'reports.csv': `plot,soil,rain,height,crop,yield\n${Array.from({ length: 5000 }, (_, row) => `p${row},soil-${row},${row % 89},4.5,rye,${row % 2 === 0 ? 'good' : 'poor'}\n`).join('')}`,
    },
    command: ['check'],
    code: 0,
    says: ['tilth.yaml is in order', /reports train anyone 5,?000 5/],
  },
  {
    name: '5,000 labels',
    files: {
      'tilth.yaml': null,
      'reports.csv': `plot,soil,rain,height,crop,yield\n${Array.from({ length: 5000 }, (_, row) => `p${row},clay,${row % 90},4.5,rye,kind-${row}\n`).join('')}`,
    },
    command: ['try', 'reports.csv', '--label', 'yield'],
    code: 1,
    says: ['Column "yield" holds the names of rows', '--label'],
  },
  {
    name: 'a column of nulls that the request shows',
    files: { 'reports.csv': withColumn('crop', () => '') },
    command: ['run', '--json'],
    code: 0,
    says: ['There is no evidence'],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'a column of nulls that nothing shows',
    files: { 'reports.csv': withColumn('height', row => ['', 'NA', 'null'][row % 3]!) },
    command: ['run', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'a label of nulls',
    files: { 'reports.csv': withColumn('yield', () => '') },
    command: ['run'],
    code: 1,
    says: ['yield has no label in the real training rows', 'at least two values'],
  },
  {
    name: 'a label of nulls, tried',
    files: { 'tilth.yaml': null, 'reports.csv': withColumn('yield', () => '') },
    command: ['try', 'reports.csv', '--label', 'yield'],
    code: 1,
    says: ['Column "yield" has a value in 0 of 60 rows'],
  },
  {
    name: 'a label that half of the rows lack',
    files: {
      'reports.csv': withColumn('yield', row => (row % 2 === 0 ? '' : row % 4 === 1 ? 'good' : 'poor')),
    },
    command: ['run', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'numbers with thousands separators: they are numbers',
    files: { 'reports.csv': withColumn('height', row => `"${1 + (row % 9)},${100 + row}"`) },
    command: ['generate', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => {
      const made = JSON.parse(out) as { generate: { mixed: { rows: { row: { height: unknown } }[] } } }
      const heights = made.generate.mixed.rows.map(({ row }) => row.height)
      expect(heights.length).toBeGreaterThan(0)
      for (const height of heights) {
        expect(height).toBeTypeOf('number')
        expect(height).toBeGreaterThan(1000)
      }
    },
  },
  {
    name: 'numbers with decimal commas',
    files: { 'reports.csv': withColumn('height', row => `"${row % 9},5"`) },
    command: ['generate', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => {
      const made = JSON.parse(out) as { generate: { mixed: { rows: { row: { height: unknown } }[] } } }
      for (const { row } of made.generate.mixed.rows) {
        expect(row.height).toBeTypeOf('number')
        expect(row.height).toBeLessThan(10)
      }
    },
  },
  {
    name: 'a column declared a number that holds a word: row and value are named',
    files: {
      'reports.csv': withColumn('rain', row => (row === 11 ? 'heavy' : String(row))),
      'tilth.yaml': goodProject.replace('tasks:', 'columns: { rain: { kind: integer } }\ntasks:'),
    },
    command: ['check'],
    code: 1,
    says: ['Source reports, record 12: in column "rain", "heavy" is not an integer', 'Correct the value'],
  },
  {
    name: 'dates of three kinds in one column declared a date',
    files: {
      'reports.csv': withColumn('height', row => ['2024-03-17', '17/03/2024', '03/17/2024'][row % 3]!),
      'tilth.yaml': goodProject.replace('tasks:', 'columns: { height: { kind: date } }\ntasks:'),
    },
    command: ['check'],
    code: 1,
    says: ['Source reports, record 2: in column "height", "17/03/2024" is not a date', 'Correct the value'],
  },
  {
    name: 'dates of three kinds in one column that nothing declares',
    files: {
      'reports.csv': withColumn('height', row => ['2024-03-17', '17/03/2024', '03/17/2024'][row % 3]!),
    },
    command: ['run', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'numbers beyond all bounds',
    files: {
      'reports.csv': withColumn('height', row => ['1e999', '-1e999', '1e-320', '9007199254740993'][row % 4]!),
    },
    command: ['run', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'column names of all kinds',
    files: {
      'reports.csv': good.replace('plot,soil,rain,height', 'plot,soil,rain,__proto__'),
    },
    command: ['run', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'one column alone',
    files: { 'tilth.yaml': null, 'reports.csv': `yield\n${'good\npoor\n'.repeat(30)}` },
    command: ['try', 'reports.csv', '--label', 'yield'],
    code: 1,
    says: ['No column is left to learn from'],
  },
  {
    name: 'labels that differ in spaces and capitals',
    files: { 'reports.csv': withColumn('yield', row => ['good', ' good', 'Good ', 'poor'][row % 4]!) },
    command: ['run', '--json'],
    code: 0,
    says: [],
    also: (_folder, { out }) => void reportIn(out),
  },
  {
    name: 'where that no record meets',
    files: { 'tilth.yaml': goodProject.replace('drop:', 'where: { soil: Clay }, drop:') },
    command: ['run'],
    code: 1,
    says: ['no record of reports.csv has soil = "Clay"', 'compared exactly'],
  },
  {
    name: 'a group with rows to train on and rows to test on',
    files: {
      'later.csv': good,
      'tilth.yaml': goodProject
        .replace('drop: [plot]', 'group: plot, drop: [plot]')
        .replace('tasks:', '  later: { path: later.csv, use: test, group: plot, drop: [plot] }\ntasks:'),
    },
    command: ['run'],
    code: 1,
    says: ['group "plot-0" has rows in training and in test sources'],
  },
]

test.each(cases)('$name', async given => expectCase(folders.copyOfGood(), given))
