import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { createContext } from '../src/context.ts'
import { createRandom } from '../src/data/random.ts'
import type { Row, TracedRow } from '../src/data/row.ts'
import { rulesGenerator } from '../src/generate/rules/rules.ts'
import { rulesOptions, type RulesOptions } from '../src/generate/rules/options.ts'
import type { Project } from '../src/project/schema.ts'
import { compileConstraints } from '../src/task/constraint.ts'
import { deriveColumns } from '../src/task/derive.ts'
import { renderExample, type ResolvedTask, resolveTask } from '../src/task/render.ts'

const file = path.resolve('examples/wildlife-strikes/strikes.csv')
const source = path.resolve('../shared/data/wildlife-strikes/strikes.csv')
const reports = parse(readFileSync(file, 'utf8'), { columns: true }) as Record<string, string>[]
// Read by Node itself, as a user's project is: the test runner resolves `tilth` its own way.
const reading = spawnSync(process.execPath, [
  '--input-type=module',
  '--eval',
  "import { loadProject } from './src/project/project.ts'; console.log(JSON.stringify(await loadProject('examples/wildlife-strikes')))",
])
const { project } = JSON.parse(reading.stdout.toString()) as { project: Project }
const damaged = { damaged: project.columns['damaged']!.derive! }

const rows: readonly TracedRow[] = reports.map((report, index) => {
  const { speed, ...others } = report
  const row: Row = { ...others, speed: speed === '' ? null : Number(speed) }
  return {
    id: `strikes:${index + 1}`,
    group: `strikes:${index + 1}`,
    row: deriveColumns(row, damaged),
    origin: { kind: 'real', source: 'strikes', number: index + 1, use: 'train', share: 'anyone' },
  }
})
const shared = rows.filter(({ row }) => row['desk'] === 'shared')
const tasks = Object.entries(project.tasks).map(([name, definition]) =>
  resolveTask(name, definition, { rows: shared, random: createRandom(1, 'tasks') }),
)

function count(desk: string, isWanted: (report: Record<string, string>) => boolean = () => true): number {
  return reports.filter(report => report['desk'] === desk && isWanted(report)).length
}

const isDamaged = ({ damage }: Record<string, string>) => damage !== 'None'

function userText(task: ResolvedTask, traced: TracedRow, side: 'train' | 'held-out'): string {
  const example = renderExample(task, traced, { side, attributes: [], random: createRandom(1, 'render') })
  return example!.messages.findLast(({ role }) => role === 'user')!.content
}

test('the example holds 60 shared, 1,500 local and 1,440 later reports, all different', () => {
  expect([count('shared'), count('local'), count('later')]).toEqual([60, 1500, 1440])
  expect(reports).toHaveLength(3000)
  expect(new Set(reports.map(report => JSON.stringify(Object.entries(report).slice(2)))).size).toBe(3000)
})

test('its damage is rare, and the counts that its README states are right', () => {
  expect(count('shared', isDamaged)).toBe(8)
  expect(count('local', isDamaged)).toBe(160)
  expect(count('later', isDamaged)).toBe(136)
  expect(count('shared', ({ size }) => size === 'Large')).toBe(0)
  expect(new Set(reports.map(({ damage }) => damage))).toEqual(
    new Set(['None', 'Minor', 'Medium', 'Substantial']),
  )
})

test.skipIf(!existsSync(source))(
  'drawing it again from the public table gives the same bytes (needs shared data)',
  () => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'tilth-strikes-'))
    try {
      const again = path.join(temporary, 'strikes.csv')
      const { status } = spawnSync(process.execPath, ['scripts/draw-wildlife-strikes.ts', source, again])
      expect(status).toBe(0)
      expect(readFileSync(again).equals(readFileSync(file))).toBe(true)
    } finally {
      rmSync(temporary, { recursive: true })
    }
  },
)

test('every task has six wordings to learn from and three others for the test', () => {
  for (const { wordings } of tasks) {
    const train = wordings.train.map(({ prompt }) => prompt)
    const heldOut = wordings.heldOut.map(({ prompt }) => prompt)
    expect(train.length).toBeGreaterThanOrEqual(6)
    expect(heldOut.length).toBeGreaterThanOrEqual(3)
    expect(train.filter(prompt => heldOut.includes(prompt))).toEqual([])
  }
})

test('no prompt depends on damage or cost', () => {
  const [first] = shared
  const given: TracedRow = {
    ...first!,
    row: {
      ...first!.row,
      damage: 'SECRET',
      damaged: 'SECRET',
      cost_other: 'SECRET',
      cost_repair: 'SECRET',
      cost_total: 'SECRET',
    },
  }
  for (const task of tasks) {
    for (const side of ['train', 'held-out'] as const) {
      for (let number = 0; number < 40; number++) {
        expect(userText(task, { ...given, id: `strikes:${number}` }, side)).not.toContain('SECRET')
      }
    }
  }
})

test('cost columns are never read', () => {
  for (const { drop } of Object.values(project.sources)) {
    expect(drop).toEqual(expect.arrayContaining(['cost_other', 'cost_repair', 'cost_total']))
  }
})

test('the facts that are asked for stand in the text, or are null in the answer', () => {
  const task = tasks.find(({ name }) => name === 'facts')!
  for (const side of ['train', 'held-out'] as const) {
    for (const traced of shared) {
      const example = renderExample(task, traced, {
        side,
        attributes: [],
        random: createRandom(1, 'render'),
      })!
      const facts = Object.values(JSON.parse(example.messages.at(-1)!.content) as Row).filter(
        value => value !== null,
      )
      const text = example.messages.at(-2)!.content
      expect(facts.filter(fact => !text.includes(String(fact)))).toEqual([])
    }
  }
})

test('the blank form makes rows of every wanted cell that keep the constraints', async () => {
  const { columns, lists } = project.generators['form'] as RulesOptions
  const options = rulesOptions.parse({ columns, lists })
  const context = createContext({ seed: 1, name: 'form' })
  const fitted = await rulesGenerator.fit(
    options,
    { rows: shared, schema: { rows: 60, columns: [] } },
    context,
  )
  const firstBroken = compileConstraints(project.constraints)
  for (const cell of [
    { damaged: 'yes' },
    { damaged: 'no' },
    { damaged: 'yes', size: 'Large', phase: 'Climb', time_of_day: 'Night' },
  ]) {
    expect(rulesGenerator.supports(options, fitted, cell)).toBe(true)
    const made = await rulesGenerator.make(options, fitted, { cell, count: 100 }, context)
    expect(made).toHaveLength(100)
    for (const row of made) {
      expect(row).toMatchObject(cell)
      expect(deriveColumns(row, damaged)).toEqual(row)
      expect(firstBroken(row)).toBeNull()
    }
  }
})
