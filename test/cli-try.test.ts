import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { sharedData } from './scratch-folder.ts'
import { fieldReports, folderWith, runTilth, startTilth, type Ended } from './tilth-process.ts'

describe('try --save on a small table', () => {
  let folder: string
  let tried: Ended
  beforeAll(async () => {
    folder = folderWith({ 'reports.csv': fieldReports(60) })
    tried = await runTilth(folder, 'try', 'reports.csv', '--label', 'yield', '--save')
  }, 60_000)

  test('ends in three sentences and the path of a report', () => {
    expect(tried.err).not.toContain('✗')
    expect(tried.code).toBe(0)
    expect(tried.out).toMatch(
      /What is missing\n {2}\S.*\.\nWhether synthetic examples helped\n {2}\S.*\.\nWhat to collect next\n {2}\S.*\.\n$/s,
    )
    const path = /^(runs\/reports-\w+\/report\.html)$/m.exec(tried.err)?.[1]
    expect(readFileSync(join(folder, path!), 'utf8')).toContain('<!doctype html>')
  })

  test('says which columns it left out and why', () => {
    expect(tried.err).toContain('Column "plot" names rows and says nothing about them; it is left out.')
  })

  test('leaves a project that runs and has nothing to make again', async () => {
    expect(existsSync(join(folder, 'tilth.config.ts'))).toBe(true)
    const { code, err } = await runTilth(folder, 'run')
    expect(err).toContain('Nothing had to be made again')
    expect(code).toBe(0)
  })

  test('never overwrites a project', async () => {
    const before = readFileSync(join(folder, 'tilth.config.ts'), 'utf8')
    const again = await Promise.all([
      runTilth(folder, 'try', 'reports.csv', '--label', 'soil', '--save'),
      runTilth(folder, 'init', 'reports.csv', '--label', 'soil', '--yaml'),
    ])
    for (const { code, err } of again) {
      expect(code).toBe(1)
      expect(err).toContain('There is a project already')
    }
    expect(readFileSync(join(folder, 'tilth.config.ts'), 'utf8')).toBe(before)
  })

  test('run --json is one document on standard output', async () => {
    const { out } = await runTilth(folder, 'run', '--json')
    expect(JSON.parse(out)).toMatchObject({
      id: expect.stringMatching(/^reports-/) as unknown,
      answer: { missing: expect.any(String) as unknown },
      report: { version: 1 },
    })
  })

  test('runs lists the run with its verdict, report writes its page anew', async () => {
    const { out } = await runTilth(folder, 'runs')
    expect(out).toMatch(
      /^reports-\w+ +\d{4}-\d\d-\d\d \d\d:\d\d +1 +done +yield: (?:helps|no-evidence|hurts), [+-]?[\d.]+ \(-?[\d.]+ to -?[\d.]+\)$/m,
    )
    const id = /^(reports-\w+)/m.exec(out)![1]!
    const alone = await runTilth(folder, 'runs', id.slice(id.indexOf('-') + 1))
    expect(alone.out).toMatch(/^measured on +\d+ (?:sealed|cross-validated) rows/m)
    const settings = readFileSync(join(folder, 'runs', id, 'settings.json'), 'utf8')
    expect(JSON.parse(settings)).toMatchObject({ seed: 1, project: { split: { dev: 0 } } })
    const page = join(folder, 'runs', id, 'report.html')
    const before = readFileSync(page, 'utf8')
    writeFileSync(page, '')
    const report = await runTilth(folder, 'report', id.slice(0, 10))
    expect(report.out).toBe(`runs/${id}/report.html\n`)
    expect(readFileSync(page, 'utf8')).toBe(before)
  })

  test('the single steps show what they made', async () => {
    const gaps = await runTilth(folder, 'gaps')
    expect(gaps.out).toMatch(/^yield +rows +share +wanted +to make$/m)
    const validate = JSON.parse((await runTilth(folder, 'validate', '--json')).out) as {
      validate: { mixed: { accepted: number } }
    }
    const generate = JSON.parse((await runTilth(folder, 'generate', '--json')).out) as {
      generate: { mixed: { rows: { row: object; origin: object }[] } }
    }
    const made = generate.generate.mixed.rows
    expect(made).toHaveLength(validate.validate.mixed.accepted)
    expect(made[0]).toMatchObject({ origin: { kind: 'synthetic', generator: 'records' } })
    expect(Object.keys(made[0]!.row)).toEqual(['soil', 'rain', 'height', 'crop', 'yield'])
    expect((await runTilth(folder, 'mix')).out).toMatch(/train\.jsonl +[0-9a-f]{16}$/m)
    expect((await runTilth(folder, 'tune')).out).toMatch(/^mixed +yield +\d+ +\d+$/m)
    expect((await runTilth(folder, 'evaluate')).out).toMatch(/^real +yield +macro-f1 +[\d.]+ +[\d.]+$/m)
  })

  test('another seed is another run', async () => {
    expect(await plannedRun(folder, '--seed', '2')).not.toBe(await plannedRun(folder))
  })
})

const quick = `name: reports
sources: { reports: { path: reports.csv, use: train, drop: [plot] } }
tasks: { yield: { kind: label, answer: yield, prompts: ['{{ soil }} {{ rain }} {{ height }} {{ crop }}'] } }
generators: { records: { use: records } }
mixtures: { mixed: { generators: [records], perReal: 3 } }
evaluate: { repeats: 1, folds: 4 }
`

test('Ctrl-C stops cleanly with 130, and the same command goes on from there', async () => {
  const folder = folderWith({ 'reports.csv': fieldReports(60), 'tilth.yaml': quick })
  const { child, ended } = await startTilth(folder, 'run')
  await once(child.stderr!, 'data')
  while (!existsSync(join(folder, 'runs'))) await new Promise(next => setTimeout(next, 20))
  child.kill('SIGINT')
  const { code, out, err } = await ended
  expect(code).toBe(130)
  expect(out).toBe('')
  expect(err).toContain('Stopped. What was finished is kept')
  expect((await runTilth(folder, 'runs')).out).toMatch(/^reports-\w+ .+ unfinished$/m)
  expect((await runTilth(folder, 'run')).code).toBe(0)
})

test('init writes a project in TypeScript or YAML, and both say the same', async () => {
  const folder = folderWith({ 'a/reports.csv': fieldReports(60), 'b/reports.csv': fieldReports(60) })
  const [a, b] = [join(folder, 'a'), join(folder, 'b')]
  expect((await runTilth(a, 'init', '--label', 'yield')).out).toBe('tilth.config.ts\n')
  expect((await runTilth(b, 'init', '--label', 'yield', '--yaml')).out).toBe('tilth.yaml\n')
  const [plan, other] = await Promise.all([a, b].map(each => runTilth(each, 'run', '--dry-run', '--json')))
  expect(JSON.parse(plan!.out)).toEqual(JSON.parse(other!.out))
})

test.each([
  { name: 'reports.tsv', content: fieldReports(60).replaceAll(',', '\t') },
  { name: 'reports.csv.gz', content: gzipSync(fieldReports(60)) },
  { name: 'reports.jsonl', content: linesOf(fieldReports(60)) },
])('try reads $name as it reads CSV', async ({ name, content }) => {
  const folder = folderWith({ 'reports.csv': fieldReports(60) })
  writeFileSync(join(folder, name), content)
  const propose = async (file: string): Promise<string> =>
    (await runTilth(folder, 'try', file, '--label', 'yield', '--dry-run')).out
  expect((await propose(name)).replace(name, 'reports.csv')).toBe(await propose('reports.csv'))
})

test('a table of texts is learned from its real examples alone, and says so', async () => {
  const rows = Array.from({ length: 60 }, (_, row) => {
    const [what, kind] = [
      ['the pump in the north field leaks again', 'repair'],
      ['please send forty sacks of seed potatoes', 'order'],
    ][row % 2]!
    return JSON.stringify({ note: `Note ${row}: ${what}, said worker number ${row * 7}.`, kind })
  })
  const folder = folderWith({ 'notes.jsonl': rows.join('\n') })
  const { code, out, err } = await runTilth(folder, 'try', 'notes.jsonl', '--label', 'kind')
  expect(code).toBe(0)
  expect(err.replaceAll(/\s+/g, ' ')).toContain('No synthesizer writes free text yet')
  expect(err).toMatch(/kind: real examples alone reach [\d.]+ of macro-f1/)
  expect(out).toContain('was not measured')
})

test.skipIf(!existsSync(sharedData))(
  'try reads the heart file with its byte-order mark (needs ../shared/data)',
  async () => {
    const folder = folderWith({})
    const file = resolve(sharedData, 'heart/heart.csv')
    const { out } = await runTilth(folder, 'try', file, '--dry-run', '--json')
    const { project } = JSON.parse(out) as { project: { tasks: object } }
    expect(project.tasks).toMatchObject({ target: { kind: 'label', answer: 'target' } })
  },
)

test.skipIf(!existsSync(sharedData))(
  'try drops what is known only after the placement (needs ../shared/data)',
  async () => {
    const folder = folderWith({})
    const file = resolve(sharedData, 'sdmetrics-demo/student_placements_real.csv')
    const { out } = await runTilth(folder, 'try', file, '--label', 'placed', '--dry-run', '--json')
    const { project } = JSON.parse(out) as { project: { sources: { rows: { drop: string[] } } } }
    expect(project.sources.rows.drop).toEqual(['student_id', 'salary', 'start_date', 'end_date', 'duration'])
  },
)

test.skipIf(!existsSync(sharedData))(
  'try draws a sample of a large file (needs ../shared/data)',
  async () => {
    const folder = folderWith({})
    const file = resolve(sharedData, 'census/census.csv.gz')
    const { out, err } = await runTilth(folder, 'try', file, '--label', 'income', '--dry-run', '--json')
    const { project } = JSON.parse(out) as { project: { sources: object } }
    expect(project.sources).toMatchObject({ rows: { path: 'census-sample.jsonl' } })
    expect(err).toContain('6000 of the 48842 rows were drawn')
  },
)

async function plannedRun(folder: string, ...raw: readonly string[]): Promise<string> {
  const { out } = await runTilth(folder, 'run', '--dry-run', '--json', ...raw)
  return (JSON.parse(out) as { id: string }).id
}

/** The records of a CSV text as JSON Lines. */
function linesOf(csv: string): string {
  const [head, ...rows] = csv.trimEnd().split('\n')
  const names = head!.split(',')
  return rows
    .map(row =>
      JSON.stringify(Object.fromEntries(row.split(',').map((value, index) => [names[index], value]))),
    )
    .join('\n')
}
