import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exitMeanings } from '../src/cli/exit.ts'
import { createContext } from '../src/context.ts'
import { rulesOptions } from '../src/generate/rules/options.ts'
import { rulesGenerator } from '../src/generate/rules/rules.ts'
import { checkProject } from '../src/project/project.ts'
import { type Block, firstMissing, readAnchors, readBlocks, readLinks, readTableRows } from './markdown.ts'
import { folderWith, runTilth } from './tilth-process.ts'

const root = process.cwd()
const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]
const blocks = pages.flatMap(readBlocks)
const { scripts, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>
  version: string
}

/** One folder for each page, with the files that its reader is taken to have. */
const home = folderWith({
  'README.md/reports.csv': table(60, row => {
    const size = ['small', 'medium', 'large'][row % 3]!
    const isHarmed = size === 'large' ? row % 4 !== 0 : row % 13 === 0
    return {
      size,
      phase: ['climb', 'approach'][row % 2]!,
      speed: 60 + ((row * 37) % 20) * 10,
      damage: isHarmed ? 'yes' : 'no',
    }
  }),
  'docs/advise.md/reports.csv': table(60, row => ({
    size: ['small', 'medium', 'large'][row % 3]!,
    phase: ['climb', 'approach'][row % 2]!,
    speed: 60 + ((row * 37) % 20) * 10,
    damage: row % 3 === 2 && row % 4 !== 0 ? 'yes' : 'no',
  })),
  'docs/mixing.md/fields.csv': table(48, row => ({
    soil: ['clay', 'sand', 'loam'][row % 3]!,
    rain: (row * 37) % 100,
    harvest: (row % 3 === 2) !== (row % 11 === 0) ? 'good' : 'poor',
  })),
  'docs/project-file.md/reports.csv': table(140, row => ({
    year: row < 80 ? 2001 : 2000,
    size: ['small', 'large'][row % 2]!,
    phase: ['climb', 'approach', 'parked'][row % 3]!,
    knots: row % 3 === 2 ? '' : 80 + ((row * 37) % 30) * 5,
    damage: row % 5 === 0 ? 'minor' : 'none',
  })),
  'docs/bad-data.md/reports.csv': table(60, row => {
    const soil = ['clay', 'sand', 'loam'][row % 3]!
    const rain = (row * 37) % 100
    return row === 40
      ? { soil, rain }
      : { soil, rain, harvest: soil === 'loam' || rain > 80 ? 'good' : 'poor' }
  }),
  'docs/rules.md/sightings.csv': table(60, row => ({
    report: `We met ${['a gull', 'an owl', 'a goose'][row % 3]!} on day ${row}.`,
    bird: ['gull', 'owl', 'goose'][row % 3]!,
    birds: 1 + (row % 4),
    phase: ['climb', 'approach'][row % 2]!,
    airport: ['JFK', 'LGA', 'BOS'][row % 3]!,
    state: row % 3 === 2 ? 'Massachusetts' : 'New York',
    damage: row % 7 === 0 ? 'yes' : 'no',
  })),
})
/** Pages whose reader goes on in the folder of another page. */
const continued: Readonly<Record<string, string>> = {
  'docs/export.md': 'docs/seeds.md',
  'docs/review.md': 'docs/seeds.md',
}
const folderOf = (page: string): string => path.join(home, continued[page] ?? page)
/** The example of the repository, as the quickstart leaves it: a page that names it is read beside the README. */
const example = 'examples/wildlife-strikes'

/** What the quickstart printed: run once, wherever a page names it. */
let quickstart: Promise<string> | undefined

/** What each block that is run comes to, by its place. */
const outcomes = new Map<string, Promise<void>>()

beforeAll(() => {
  for (const page of pages) {
    const folder = folderOf(page)
    for (const { values, content } of blocks.filter(
      block => block.page === page && block.values['file'] !== undefined,
    )) {
      const file = path.join(folder, values['file']!)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  }
  writeFileSync(path.join(home, 'package.json'), '{ "type": "module" }')
  // A reader has installed the package; here it is the program text itself.
  const installed = path.join(folderOf('README.md'), 'node_modules/tilth')
  mkdirSync(installed, { recursive: true })
  writeFileSync(path.join(installed, 'package.json'), '{ "type": "module", "exports": "./index.js" }')
  const entry = pathToFileURL(path.join(root, 'src/index.ts')).href
  writeFileSync(path.join(installed, 'index.js'), `export * from '${entry}'\n`)
  for (const name of ['src', 'node_modules'])
    symlinkSync(path.resolve(name), path.join(folderOf('docs/tensor.md'), name))
  cpSync('examples', path.join(folderOf('README.md'), 'examples'), {
    recursive: true,
    filter: source => !/[/\\](?:\.tilth|runs)$/.test(source),
  })
  // The preview takes longer than all other blocks together: bench/quickstart.ts runs it.
  const config = path.join(folderOf('README.md'), example, 'tilth.config.ts')
  const whole = readFileSync(config, 'utf8')
  writeFileSync(config, whole.replace(/^ {2}preview: \{\n(?: {4}.*\n)+ {2}\},\n/m, ''))
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

test.each(blocks.filter(isRun).map(block => [placeOf(block), block.content.split('\n')[0]!]))(
  '%s: %s',
  { timeout: 300_000 },
  async place => {
    if (outcomes.size === 0) startBlocks()
    await expect(outcomes.get(place)).resolves.toBeUndefined()
  },
)

test('every block of a page is of a kind that is tested', () => {
  expect(blocks.filter(block => !isTested(block)).map(placeOf)).toEqual([])
})

test('every project file shown can be loaded, and the README says the same in TypeScript and YAML', () => {
  const files = blocks.flatMap(({ page, values, words }) => {
    const isProject = /(?:^|\/)tilth\.[\w.]+$/.test(values['file'] ?? '') && !words.has('wrong')
    return isProject ? [path.join(folderOf(page), values['file']!)] : []
  })
  // Loaded by Node itself: the test runner resolves `tilth` its own way.
  const { stdout, stderr } = spawnSync(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { loadProject } from ${JSON.stringify(pathToFileURL(path.join(root, 'src/project/project.ts')).href)}
const loaded = {}
for (const file of ${JSON.stringify(files)}) loaded[file] = (await loadProject(file)).project
console.log(JSON.stringify(loaded))`,
  ])
  expect(stderr.toString()).toBe('')
  const loaded = JSON.parse(stdout.toString()) as Record<string, unknown>
  expect(files.length).toBeGreaterThanOrEqual(4)
  const readme = folderOf('README.md')
  expect(loaded[path.join(readme, 'same/tilth.yaml')]).toEqual(loaded[path.join(readme, 'tilth.config.ts')])
})

test('every part of a project file shown fits into a project', () => {
  const whole = parse(
    readFileSync(path.join(folderOf('docs/project-file.md'), 'small/tilth.yaml'), 'utf8'),
  ) as object
  const parts = blocks.filter(({ words }) => words.has('part'))
  expect(parts.length).toBeGreaterThan(0)
  for (const { content } of parts) checkProject({ ...whole, ...(parse(content) as object) }, 'tilth.yaml')
})

test('TypeScript on the pages passes the compiler', { timeout: 60_000 }, () => {
  const copy = folderOf('docs/architecture.md')
  cpSync('src', path.join(copy, 'src'), { recursive: true, filter: source => !source.endsWith('.test.ts') })
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'))
  const files = blocks.flatMap(({ page, language, values }) =>
    language === 'ts' ? [path.join(folderOf(page), values['file']!)] : [],
  )
  const config = {
    extends: path.resolve('tsconfig.json'),
    compilerOptions: {
      paths: { tilth: [path.resolve('src/index.ts')] },
      typeRoots: [path.resolve('node_modules/@types')],
    },
    files,
    include: [],
  }
  writeFileSync(path.join(home, 'tsconfig.json'), JSON.stringify(config))
  const { stdout } = spawnSync(path.resolve('node_modules/.bin/tsc'), ['--project', home, '--noEmit'])
  expect(stdout.toString()).toBe('')
  expect(files.length).toBeGreaterThanOrEqual(4)
})

test('every grammar shown is one, and gives what stands under it', async () => {
  const rows = parse(
    JSON.stringify(csvRows(path.join(folderOf('docs/rules.md'), 'sightings.csv'))),
  ) as Record<string, string>[]
  const traced = rows.map((row, index) => ({
    id: `sightings:${index + 1}`,
    group: `sightings:${index + 1}`,
    row,
    origin: { kind: 'real', source: 'sightings', number: index + 1, use: 'train', share: 'anyone' } as const,
  }))
  const shown = blocks.filter(
    ({ words, values }) => words.has('grammar') || words.has('lists') || values['gives'] !== undefined,
  )
  let checked = 0
  for (const [index, block] of shown.entries()) {
    if (!block.words.has('grammar')) continue
    const rest = shown.slice(index + 1)
    const end = rest.findIndex(({ words }) => words.has('grammar'))
    const own = rest.slice(0, end < 0 ? rest.length : end)
    const lists = own.find(({ words }) => words.has('lists'))
    const options = rulesOptions.parse({
      columns: parse(block.content) as object,
      ...(lists === undefined ? {} : { lists: parse(lists.content) as object }),
    })
    const context = createContext({ seed: 1, name: 'docs' })
    const fitted = await rulesGenerator.fit(
      options,
      { rows: traced, schema: { rows: 0, columns: [] } },
      context,
    )
    const made = await rulesGenerator.make(options, fitted, { cell: {}, count: 3000 }, context)
    expect(made).toHaveLength(3000)
    for (const { values, content } of own) {
      if (values['gives'] === undefined) continue
      const given = new Set(made.map(row => String(row[values['gives']!])))
      for (const line of content.trim().split('\n')) {
        expect(given.has(line), `${placeOf(block)}: ${line}`).toBe(true)
        checked++
      }
    }
  }
  expect(checked).toBeGreaterThan(5)
})

test('the rooms and the exit codes are those of the program', () => {
  const rooms = readTableRows('docs/architecture.md')
    .map(([room]) => room!.replaceAll('`', ''))
    .filter(room => room !== 'room')
  const folders = readdirSync('src', { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(rooms.toSorted()).toEqual(folders.map(({ name }) => name).toSorted())
  const codes = readTableRows('README.md').filter(([code]) => /^\d+$/.test(code!))
  expect(codes).toEqual(exitMeanings.map(([code, meaning]) => [String(code), meaning]))
})

test.each([...pages, 'CHANGELOG.md', 'examples/wildlife-strikes/README.md'])(
  'links of %s lead somewhere',
  page => {
    const dead = readLinks(page).filter(link => {
      if (link.startsWith('https://')) return false
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? page : path.join(path.dirname(page), file)
      return !existsSync(target) || (anchor !== undefined && !readAnchors(target).has(anchor))
    })
    expect(dead).toEqual([])
  },
)

function placeOf({ page, line }: Block): string {
  return `${page}:${line}`
}

function isRun({ language }: Block): boolean {
  return language === 'sh' || language === 'console'
}

function isTested(block: Block): boolean {
  return (
    isRun(block) ||
    block.language === '' ||
    block.values['file'] !== undefined ||
    (block.language === 'text' && block.values['gives'] !== undefined) ||
    ['grammar', 'lists', 'part'].some(word => block.words.has(word))
  )
}

/**
 * Runs the blocks of each folder in turn, the folders side by side, what works on the example after the quickstart, and
 * what works on the repository itself besides.
 */
function startBlocks(): void {
  const previous = new Map<string, Promise<unknown>>([[example, runQuickstart().catch(() => {})]])
  const ordered = blocks
    .filter(isRun)
    .toSorted((a, b) => Number(a.page in continued) - Number(b.page in continued))
  for (const block of ordered) {
    const ofRepository = /^(?:\$ )?npm run/.test(block.content)
    const folder = block.content.includes(example) ? example : folderOf(block.page)
    const before = ofRepository ? undefined : previous.get(folder)
    const outcome = (before ?? Promise.resolve()).then(() => runBlock(block))
    outcome.catch(() => {})
    outcomes.set(placeOf(block), outcome)
    if (!ofRepository)
      previous.set(
        folder,
        outcome.catch(() => {}),
      )
  }
}

function runQuickstart(): Promise<string> {
  quickstart ??= runLine('README.md', scripts['quickstart']!.replace('node src/cli/main.ts', 'tilth'), 0)
  return quickstart
}

/** Runs what a block says to type, and compares what it shows with what was printed. Throws where one is not as said. */
async function runBlock(block: Block): Promise<void> {
  const [first = '', ...shown] = block.content.trimEnd().split('\n')
  if (block.language === 'console') {
    const printed = await runLine(block.page, first.replace(/^\$ /, ''), Number(block.values['exit'] ?? 0))
    const missing = firstMissing(shown.join('\n'), printed)
    if (missing !== null) throw new Error(`not printed: ${missing}\n\nbut:\n${printed}`)
    return
  }
  for (const line of [first, ...shown]) await runLine(block.page, line.replace(/\s+#.*$/, ''), 0)
}

/**
 * Runs one command and returns what it printed. Of those that work on the repository itself the quickstart is run, the
 * others are looked for. Throws where there is no such command or it ends with another code.
 */
async function runLine(page: string, line: string, code: number): Promise<string> {
  const [program, second = '', third = ''] = line.split(' ')
  const rest = line.split(/\s+/).slice(1)
  const cwd = folderOf(line.includes(example) ? 'README.md' : page)
  if (program === 'tilth') {
    const ended = await runTilth(cwd, ...rest)
    if (ended.code !== code) throw new Error(`${line} ended with ${ended.code}:\n${ended.out}${ended.err}`)
    return ended.out + ended.err
  }
  const script = path.join(folderOf(page), second)
  if (program === 'node' && existsSync(script)) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...rest.slice(1)], { cwd })
    if (status !== code)
      throw new Error(`${line} ended with ${status}:\n${stdout.toString()}${stderr.toString()}`)
    return stdout.toString()
  }
  const npmScript = program !== 'npm' ? undefined : scripts[second === 'run' ? third : second]
  if (npmScript !== undefined && npmScript === scripts['quickstart']) return runQuickstart()
  const isThere =
    npmScript !== undefined ||
    ['npm install', 'npm pack', `npm install --global ./tilth-${version}.tgz`].includes(line) ||
    (program === 'node' && existsSync(second))
  if (!isThere) throw new Error(`no test knows how to run: ${line}`)
  return ''
}

function table(rows: number, rowOf: (row: number) => Record<string, string | number>): string {
  const all = Array.from({ length: rows }, (_, row) => rowOf(row))
  return [Object.keys(all[0]!), ...all.map(row => Object.values(row))]
    .map(cells => `${cells.join(',')}\n`)
    .join('')
}

function csvRows(file: string): readonly Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  const names = head.split(',')
  return lines.map(line => Object.fromEntries(line.split(',').map((cell, index) => [names[index]!, cell])))
}
