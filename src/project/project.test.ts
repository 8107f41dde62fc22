import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { sha256 } from '../data/hash.ts'
import { UserError } from '../error.ts'
import { checkProject, loadProject } from './project.ts'

const scratch = scratchFolder()

const good = {
  name: 'strikes',
  sources: { strikes: { path: 'strikes.csv', use: 'train' } },
  tasks: { damage: { kind: 'label', answer: 'damage', prompts: ['{{ species }} at {{ speed }} knots'] } },
  attributes: ['damage'],
  generators: { rows: { use: 'records' } },
  mixtures: { mixed: { generators: ['rows'] } },
}

/** What is said of a project, line by line: paths and messages. */
function mistakesOf(project: unknown): readonly string[] {
  try {
    checkProject(project, 'tilth.yaml')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.message
      .split('\n')
      .filter(line => line.startsWith('  '))
      .map(line => line.trim())
  }
  return []
}

test('defaults are filled in', () => {
  const project = checkProject(good, 'tilth.yaml')
  expect(project).toMatchObject({ seed: 1, split: { test: 0.3 }, evaluate: { regime: 'auto', seeds: 5 } })
  expect(project.mixtures['mixed']).toEqual({ generators: ['rows'], perReal: 10 })
})

test('a YAML project is loaded with its folder and the hash of its file', async () => {
  const file = await scratch.write('tilth.yaml', JSON.stringify(good))
  const loaded = await loadProject(path.dirname(file))
  expect(loaded).toMatchObject({ folder: path.dirname(file), file, project: { name: 'strikes' } })
  expect(loaded.moduleHashes).toEqual({ 'tilth.yaml': sha256(JSON.stringify(good)) })
  expect(await loadProject(file)).toEqual(loaded)
})

test('each kind of mistake says the path, the value and what would be right', () => {
  const wrong = {
    ...good,
    name: 'Bird Strikes',
    seed: '1',
    sources: { strikes: { path: 'strikes.csv', use: 'trian' } },
    split: { tests: 0.2, dev: 0.9 },
    student: null,
  }
  expect(mistakesOf(wrong)).toEqual([
    'name',
    'is "Bird Strikes"; it should be a name of lower-case letters, digits and dashes that starts with a letter.',
    'seed',
    'is "1"; it should be a whole number from 0.',
    'sources.strikes.use',
    'is "trian"; it should be "train", "fit" or "test". Did you mean "train"?',
    'split.dev',
    'is 0.9; it should be a number from 0 to 0.5.',
    'split.tests',
    'is not a setting. Did you mean "test"?',
    'student',
    expect.stringContaining('is null; it should be settings with `use`'),
  ])
})

test('a mistyped setting that is compulsory is one mistake', () => {
  const { mixtures, ...rest } = good
  expect(mistakesOf({ ...rest, mixture: mixtures })).toEqual([
    'mixture',
    'is not a setting. Did you mean "mixtures"?',
  ])
})

test('a mistake deep in a grammar has the path to it', () => {
  const grammar = { phase: ['Climb', 'Taxi', { value: 'Landing', weight: '2' }] }
  const project = { ...good, generators: { rows: { use: 'rules', columns: grammar } } }
  expect(mistakesOf(project)).toEqual([
    'generators.rows.columns.phase[2].weight',
    'is "2"; it should be a number from 0.',
  ])
})

test('a decoder has an adapter or a size as it has a base or none, also in a preview', () => {
  const lacking = { student: { use: 'decoder', lora: {} } }
  expect(mistakesOf({ ...good, ...lacking })).toEqual([
    'student.lora',
    'is given without a `base`: a decoder from scratch has no weights for an adapter.',
  ])
  const sized = { use: 'decoder', base: 'model', size: { width: 64, layers: 2 } }
  expect(mistakesOf({ ...good, preview: { student: sized, tasks: ['damag'] } })).toEqual([
    'preview.tasks[0]',
    'is "damag", but no task is called that. Did you mean "damage"?',
    'preview.student.size',
    'is given with a `base`, which has a size of its own.',
  ])
})

test('names must name something', () => {
  const project = {
    ...good,
    target: { damge: 'uniform' },
    generators: { rows: { use: 'records', fitOn: ['strike'] } },
    mixtures: { mixed: { generators: ['row', 'rows', 'rows'] } },
  }
  expect(mistakesOf(project)).toEqual([
    'target.damge',
    'is "damge", which `attributes` does not name. Did you mean "damage"?',
    'generators.rows.fitOn[0]',
    'is "strike", which `sources` does not name. Did you mean "strikes"?',
    'mixtures.mixed.generators[0]',
    'is "row", which `generators` does not name. Did you mean "rows"?',
    'mixtures.mixed.generators[2]',
    'is "rows", which stands in the list already.',
  ])
})

test('nothing may see the test rows', () => {
  const sources = { ...good.sources, sealed: { path: 'strikes.csv', use: 'test' } }
  const project = { ...good, sources, generators: { rows: { use: 'records', fitOn: ['sealed'] } } }
  const mistakes = mistakesOf(project)
  expect(mistakes[0]).toBe('sources.sealed.path')
  expect(mistakes[1]).toContain('test rows would be trained on')
  expect(mistakes[2]).toBe('generators.rows.fitOn[0]')
  expect(mistakes[3]).toContain('is sealed')
  const parted = {
    ...sources,
    strikes: { ...good.sources.strikes, where: { year: 1 } },
    sealed: { ...sources.sealed, where: { year: 2 } },
  }
  expect(mistakesOf({ ...good, sources: parted })).toEqual([])
})

test('local rows are never trained on, and something must be', () => {
  const local = { strikes: { path: 'strikes.csv', use: 'train', share: 'local' } }
  expect(mistakesOf({ ...good, sources: local })[1]).toContain('It should be use "fit"')
  const none = { strikes: { path: 'strikes.csv', use: 'fit' } }
  expect(mistakesOf({ ...good, sources: none })).toEqual([
    'sources',
    'has no source with use "train"; at least one is needed to learn from.',
  ])
})

test('a prompt may not show its answer, nor be held out and trained on', () => {
  const task = {
    ...good.tasks.damage,
    prompts: ['{{ species }}', 'was {{ damage }}?'],
    heldOut: ['{{ species }}', '{{ species'],
  }
  expect(mistakesOf({ ...good, tasks: { damage: task } })).toEqual([
    'tasks.damage.prompts[1]',
    'shows column "damage", which is the answer. Ask without it.',
    'tasks.damage.heldOut[0]',
    'is among `prompts` too; a held-out wording must not be trained on.',
    'tasks.damage.heldOut[1]',
    expect.stringContaining('cannot be read as Jinja'),
  ])
})

test('derived columns and constraints are read before anything is run', () => {
  const project = {
    ...good,
    columns: { fast: { derive: 'speed > ' } },
    constraints: ['speed <= 400', 'speed <= <='],
  }
  const mistakes = mistakesOf(project)
  expect(mistakes.filter((_, index) => index % 2 === 0)).toEqual(['columns.fast.derive', 'constraints[1]'])
})

test('a folder without a project names a data file that could be tried', async () => {
  const file = await scratch.write('reports.csv', 'a,b\n')
  const error = await loadProject(path.dirname(file)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).next).toContain('tilth try reports.csv')
})

test('a folder with two projects, a missing folder and another file are refused', async () => {
  const folder = path.dirname(await scratch.write('tilth.yaml', 'name: a'))
  writeFileSync(path.join(folder, 'tilth.config.ts'), '')
  await expect(loadProject(folder)).rejects.toThrow('more than one project file')
  await expect(loadProject(path.join(folder, 'nowhere'))).rejects.toThrow('There is no file or folder')
  mkdirSync(path.join(folder, 'data'))
  writeFileSync(path.join(folder, 'data', 'rows.csv'), 'a\n1\n')
  await expect(loadProject(path.join(folder, 'data', 'rows.csv'))).rejects.toThrow('is not a project file')
})
