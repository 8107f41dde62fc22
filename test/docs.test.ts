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
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exitMeanings } from '../src/cli/exit.ts'
import { createContext } from '../src/context.ts'
import { rulesOptions } from '../src/generate/rules/options.ts'
import { rulesGenerator } from '../src/generate/rules/rules.ts'
import { checkProject } from '../src/project/project.ts'
import { projectSchema } from '../src/project/schema.ts'
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
  'README.md/reports.csv': table(150, row => {
    const size = ['small', 'medium', 'large'][row % 3]!
    const isHarmed = size === 'large' ? row % 4 !== 0 : row % 13 === 0
    return {
      size,
      phase: ['climb', 'approach'][row % 2]!,
      speed: 60 + ((row * 37) % 20) * 10,
      damage: isHarmed ? 'yes' : 'no',
    }
  }),
  'docs/project-file.md/reports.csv': table(140, row => ({
    year: row < 80 ? 2001 : 2000,
    size: ['small', 'large'][row % 2]!,
    phase: ['climb', 'approach', 'parked'][row % 3]!,
    knots: row % 3 === 2 ? '' : 80 + ((row * 37) % 30) * 5,
    damage: row % 5 === 0 ? 'minor' : 'none',
  })),
  'docs/rules.md/sightings.csv': table(60, row => ({
    bird: ['gull', 'owl', 'goose'][row % 3]!,
    phase: ['climb', 'approach'][row % 2]!,
    airport: ['JFK', 'LGA', 'BOS'][row % 3]!,
    state: row % 3 === 2 ? 'Massachusetts' : 'New York',
    damage: row % 7 === 0 ? 'yes' : 'no',
  })),
})
const folderOf = (page: string): string => path.join(home, page)

/** What each block came to, by its place; the blocks of a page are run in turn, the pages side by side. */
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
  // A reader has installed the package; here it is the program text itself.
  const installed = path.join(folderOf('README.md'), 'node_modules/tilth')
  mkdirSync(installed, { recursive: true })
  writeFileSync(path.join(installed, 'package.json'), '{ "type": "module", "exports": "./index.js" }')
  const entry = pathToFileURL(path.join(root, 'src/index.ts')).href
  writeFileSync(path.join(installed, 'index.js'), `export * from '${entry}'\n`)
  cpSync('examples', path.join(folderOf('README.md'), 'examples'), {
    recursive: true,
    filter: source => !/[/\\](?:\.tilth|runs)$/.test(source),
  })
  for (const page of pages) {
    let previous = Promise.resolve()
    for (const block of blocks.filter(each => each.page === page && isRun(each))) {
      const ofRepository = block.content.startsWith('$ npm run')
      const outcome = ofRepository ? runBlock(block) : previous.then(() => runBlock(block))
      outcome.catch(() => {})
      outcomes.set(placeOf(block), outcome)
      if (!ofRepository) previous = outcome.catch(() => {})
    }
  }
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

describe.each(blocks.filter(isRun).map(block => ({ block, place: placeOf(block) })))(
  '$place',
  ({ block, place }) => {
    test(block.content.split('\n')[0]!, { timeout: 180_000 }, () => outcomes.get(place))
  },
)

test('every block of a page is of a kind that is tested', () => {
  const known = (block: Block): boolean =>
    isRun(block) ||
    block.values['file'] !== undefined ||
    ['grammar', 'lists', 'part'].some(word => block.words.has(word)) ||
    (block.language === 'text' && block.values['gives'] !== undefined) ||
    block.language === ''
  expect(blocks.filter(block => !known(block)).map(placeOf)).toEqual([])
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
    ({ words, language }) => words.has('grammar') || words.has('lists') || language === 'text',
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
    for (const { values, content, language } of own) {
      if (language !== 'text') continue
      const given = new Set(made.map(row => String(row[values['gives']!])))
      for (const line of content.trim().split('\n')) {
        expect(given.has(line), `${placeOf(block)}: ${line}`).toBe(true)
        checked++
      }
    }
  }
  expect(checked).toBeGreaterThan(5)
})

test('every setting of the project file is described, with its default', () => {
  const described = new Map(
    readTableRows('docs/project-file.md').map(([name, given = '']) => [
      name!.replaceAll(/`|<\w+>/g, found => (found === '`' ? '' : '*')),
      given,
    ]),
  )
  const wrong = settings().flatMap(({ name, defaults }) => {
    const given = described.get(name)
    if (given === undefined) return [`${name} is not described`]
    const missing = defaults.find(value => !given.includes(`\`${value}\``))
    return missing === undefined ? [] : [`${name} has the default ${missing}, not ${given}`]
  })
  expect(wrong).toEqual([])
  const known = new Set(settings().map(({ name }) => name))
  const settingRows = [...described.keys()].filter(name => /^[\w*.[\]]+$/.test(name) && name !== 'setting')
  expect(settingRows.filter(name => !known.has(name.replaceAll('[]', '')) && !name.includes('[]'))).toEqual(
    [],
  )
})

test('every setting of a rule is described', () => {
  const described = new Set(readTableRows('docs/rules.md').map(([name]) => name!.replaceAll('`', '')))
  const rule = leaves().flatMap(
    ({ name }) => /^generators\.\*\.columns\.\*\[\]\.(\w+)$/.exec(name)?.[1] ?? [],
  )
  expect(rule.length).toBeGreaterThan(8)
  expect(rule.filter(name => !['value', 'weight'].includes(name) && !described.has(name))).toEqual([])
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

/** Runs what a block says to type, and compares what it shows with what was printed. */
async function runBlock(block: Block): Promise<void> {
  if (block.language === 'sh') {
    for (const line of block.content.trim().split('\n')) await runLine(block, line.replace(/\s+#.*$/, ''), 0)
    return
  }
  const [line = '', ...shown] = block.content.split('\n')
  const printed = await runLine(block, line.replace(/^\$ /, ''), Number(block.values['exit'] ?? 0))
  expect(firstMissing(shown.join('\n'), printed), printed).toBeNull()
}

/** Runs one command; those of the repository are checked to be there, and the quickstart is run. Returns what was printed. */
async function runLine({ page }: Block, line: string, code: number): Promise<string> {
  const words = line.split(/\s+/)
  const [program, second = '', third = ''] = words
  if (line === 'npm install' || line === 'npm pack' || line === `npm install --global ./tilth-${version}.tgz`)
    return ''
  if (program === 'npm') {
    const script = second === 'run' ? third : second
    expect(Object.keys(scripts), line).toContain(script)
    if (script !== 'quickstart') return ''
    return runLine({ page } as Block, scripts[script]!.replace('node src/cli/main.ts', 'tilth'), code)
  }
  if (program === 'node' && !existsSync(path.join(folderOf(page), second))) {
    expect(existsSync(second), line).toBe(true)
    return ''
  }
  if (program === 'node') {
    const { status, stdout, stderr } = spawnSync(process.execPath, words.slice(1), { cwd: folderOf(page) })
    expect(status, `${line}\n${stderr.toString()}`).toBe(code)
    return stdout.toString()
  }
  expect(program, `no test knows how to run: ${line}`).toBe('tilth')
  const ended = await runTilth(folderOf(page), ...words.slice(1))
  expect(ended.code, `${line}\n${ended.out}${ended.err}`).toBe(code)
  return ended.out + ended.err
}

interface Leaf {
  readonly name: string
  /** As text; several where they differ by kind. */
  readonly defaults: readonly string[]
}

/** Every place in the schema of the project file, `*` for a name that is given and `[]` for a list's entry. */
function leaves(): readonly Leaf[] {
  const found = new Map<string, Set<string>>()
  const walk = (node: Node, name: string): void => {
    const defaults = found.get(name) ?? new Set()
    const value = node.default
    if (value !== undefined) defaults.add(typeof value === 'string' ? value : JSON.stringify(value))
    found.set(name, defaults)
    for (const branch of node.anyOf ?? node.oneOf ?? []) walk(branch, name)
    for (const [part, child] of Object.entries(node.properties ?? {}))
      walk(child, name === '' ? part : `${name}.${part}`)
    if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${name}.*`)
    if (node.items !== undefined) walk(node.items, `${name}[]`)
  }
  walk(z.toJSONSchema(projectSchema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Node, '')
  return [...found].map(([name, defaults]) => ({ name, defaults: [...defaults] }))
}

interface Node {
  readonly default?: unknown
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
}

/** The settings that a table describes: not the groups they stand in, nor a grammar's inner parts, which docs/rules.md has. */
function settings(): readonly Leaf[] {
  const all = leaves().filter(
    ({ name }) => !name.includes('[]') && !/\.(?:columns|lists|where)\.\*/.test(name),
  )
  return all.filter(({ name }) => {
    const isGroup =
      all.some(other => other.name.startsWith(`${name}.`)) &&
      name !== 'target.*' &&
      name !== 'validate.contamination'
    return name !== '' && !isGroup && name !== 'target.*.*'
  })
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
