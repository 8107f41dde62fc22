import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { checkProject } from '../src/project/project.ts'
import { UnclearLabel } from '../src/propose/label.ts'
import { lookAtFile, type Look } from '../src/propose/look.ts'
import { sharedData } from './scratch-folder.ts'

const { signal } = new AbortController()

function look(file: string, label?: string): Promise<Look> {
  return lookAtFile({
    path: path.join(sharedData, file),
    folder: '.',
    label,
    quick: true,
    skipBadRows: false,
    signal,
  })
}

/** The columns that could be learned, the likeliest first, where that is not clear. */
async function candidatesOf(file: string): Promise<readonly string[]> {
  const error = await look(file).then(
    () => new Error(`the label of ${file} is clear`),
    (thrown: unknown) => thrown,
  )
  if (error instanceof UnclearLabel) return error.candidates
  throw error
}

const files = {
  questions: 'banking77/train.csv',
  heart: 'heart/heart.csv',
  insurance: 'insurance/insurance.csv',
  census: 'census/census.csv.gz',
  strikes: 'wildlife-strikes/strikes.csv',
  placements: 'sdmetrics-demo/student_placements_real.csv',
  requests: 'snips/train_GetWeather.json',
}
const isMissing = (file: string): boolean => !existsSync(path.join(sharedData, file))

test.skipIf(isMissing(files.questions))(
  'customer questions (banking77): the intent from the text, all 77 covered',
  async () => {
    const { project, notes } = await look(files.questions)
    expect(project.tasks).toMatchObject({ category: { kind: 'label', answer: 'category' } })
    expect(project.attributes).toEqual(['category'])
    expect(project.target).toHaveProperty('category')
    expect(project.sources['rows']).not.toHaveProperty('drop')
    expect(notes.join(' ')).toContain('seeds recombine what is there')
    checkProject(project, 'the proposal')
  },
)

test.skipIf(isMissing(files.heart))('heart disease: the column named target, from all others', async () => {
  const { project, columns } = await look(files.heart)
  expect(columns).toBe(14)
  expect(project.tasks).toMatchObject({ target: { kind: 'label', answer: 'target' } })
  // A byte-order mark stands before the first name.
  expect(JSON.stringify(project.tasks)).toContain('{{ age }}')
  expect(project.sources['rows']).not.toHaveProperty('drop')
})

test.skipIf(isMissing(files.insurance))(
  'insurance charges: a number is learned when it is named, labels are listed',
  async () => {
    expect((await candidatesOf(files.insurance))[0]).toBe('smoker')
    const { project } = await look(files.insurance, 'charges')
    expect(project.tasks).toMatchObject({ charges: { kind: 'number', answer: 'charges' } })
    expect(project.attributes).toEqual(['sex', 'smoker'])
  },
)

test.skipIf(isMissing(files.census))(
  'census (gzip): income is the likeliest label, and much is sampled',
  async () => {
    expect((await candidatesOf(files.census))[0]).toBe('income')
    const { project, sample, rows } = await look(files.census, 'income')
    expect(rows).toBe(48_842)
    expect(sample?.rows).toHaveLength(6000)
    expect(project.attributes).toEqual(['income', 'sex'])
  },
)

test.skipIf(isMissing(files.strikes))(
  'wildlife strikes: damage first; kinds too rare to make more of are told',
  async () => {
    expect((await candidatesOf(files.strikes))[0]).toBe('Effect Amount of damage')
    const { project, notes } = await look(files.strikes, 'Effect Amount of damage')
    expect(project.target).toMatchObject({
      'Effect Amount of damage': { None: expect.any(Number) as unknown },
    })
    expect(notes.join(' ')).toContain('too few to make more of')
  },
)

test.skipIf(isMissing(files.placements))(
  'placements: what is known only of those who were placed is left out',
  async () => {
    expect((await candidatesOf(files.placements))[0]).toBe('placed')
    const { project } = await look(files.placements, 'placed')
    expect(project.sources['rows']?.drop).toEqual([
      'student_id',
      'salary',
      'start_date',
      'end_date',
      'duration',
    ])
  },
)

test.skipIf(isMissing(files.requests))(
  'spoken requests (snips): one JSON document is refused, with how to convert it',
  async () => {
    await expect(look(files.requests)).rejects.toThrow('is one JSON document')
  },
)
