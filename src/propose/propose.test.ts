import { expect, test } from 'vitest'
import type { Row, TracedRow } from '../data/row.ts'
import { inferSchema } from '../data/schema.ts'
import { UserError } from '../error.ts'
import { checkProject } from '../project/project.ts'
import { renderTemplate } from '../task/template.ts'
import { UnclearLabel } from './label.ts'
import { proposeProject, type Proposal } from './propose.ts'

/** Forty patients, two visits each: who has been treated, and what is known of them. */
const visits: readonly Row[] = Array.from({ length: 80 }, (_, row) => {
  const treated = row % 3 === 0
  return {
    record: `R${1000 + row}`,
    patient_id: Math.floor(row / 2) + 500,
    ward: ['north', 'south'][(row * 7) % 5 < 2 ? 0 : 1]!,
    'Body temperature': 36 + ((row * 13) % 40) / 10,
    note: row % 2 === 0 ? null : `came in on day ${row} and asked for a second opinion about the knee`,
    clinic: 'west',
    treatment_days: treated ? (row % 4) + 1 : null,
    outcome_code: treated ? 'T' : 'U',
    treated: treated ? 'yes' : 'no',
  }
})

function propose(
  rows: readonly Row[],
  options: { label?: string; text?: string; quick?: boolean } = {},
): Proposal {
  const traced = rows.map((row, index): TracedRow => {
    const id = `rows:${index + 1}`
    return {
      id,
      group: id,
      row,
      origin: { kind: 'real', source: 'rows', number: index + 1, use: 'train', share: 'anyone' },
    }
  })
  const { quick = false, ...named } = options
  return proposeProject({
    schema: inferSchema(traced),
    rows: traced,
    file: 'visits.csv',
    name: 'visits',
    quick,
    ...named,
  })
}

test('a proposal is a project without mistakes', () => {
  const { project } = propose(visits, { label: 'treated' })
  expect(checkProject(project, 'the proposal').tasks['treated']).toMatchObject({
    kind: 'label',
    answer: 'treated',
  })
})

test('columns that name rows, never change or give the label away are dropped, each with its reason', () => {
  const { project, notes } = propose(visits, { label: 'treated' })
  expect(project.sources['rows']?.drop).toEqual([
    'record',
    'clinic',
    'treatment_days',
    'outcome_code',
    'note',
  ])
  expect(notes).toContain('Column "clinic" has the same value in every row; it is left out.')
  expect(notes).toContain(
    'Column "outcome_code" gives "treated" away in every row, so it is probably known only afterwards; it is left out.',
  )
  expect(notes).toContain(
    'Column "treatment_days" gives "treated" away in every row, so it is probably known only afterwards; it is left out.',
  )
})

test('a column whose ranges part the labels gives them away too', () => {
  const rows = visits.map((row, index) => ({
    ...row,
    bill: row['treated'] === 'yes' ? 900.5 + index : 100.25 + index,
  }))
  expect(propose(rows, { label: 'treated' }).project.sources['rows']?.drop).toContain('bill')
})

test('rows of one patient stay together, and the patient is not shown', () => {
  const { project, notes } = propose(visits, { label: 'treated' })
  expect(project.sources['rows']?.group).toBe('patient_id')
  expect(JSON.stringify(project.tasks)).not.toContain('patient')
  expect(notes).toContain('Rows of one "patient_id" stay on one side of every split.')
})

test('every wording shows what is known, leaves out what is missing, and never the answer', () => {
  const rows = visits.map((row, index) => (index === 0 ? { ...row, ward: null } : row))
  const { project } = propose(rows, { label: 'treated' })
  const { prompts, heldOut } = project.tasks['treated'] as { prompts: string[]; heldOut: string[] }
  expect(prompts.length).toBeGreaterThanOrEqual(3)
  expect(heldOut.length).toBeGreaterThanOrEqual(2)
  for (const wording of [...prompts, ...heldOut]) {
    const known = renderTemplate(wording, rows[1]!)
    expect(known).toMatch(/body temperature.*37\.3/is)
    expect(known).toMatch(/ward.*south/is)
    const partly = renderTemplate(wording, rows[0]!)
    expect(partly).not.toMatch(/ward|none|null/i)
    expect(known).not.toContain('no\n')
  }
})

test('what is missing of a label, or too rare, is not asked for', () => {
  const rows = visits.map((row, index) => ({
    ...row,
    treated: index === 0 ? null : index === 1 ? 'maybe' : row['treated']!,
  }))
  const { project, notes } = propose(rows, { label: 'treated' })
  expect(Object.keys(project.target!['treated']!)).toEqual(['no', 'yes'])
  expect(notes).toContain('1 of 80 rows have no "treated"; they are not learned from.')
  expect(notes).toContain('"treated" is maybe in fewer than 5 rows each: too few to make more of.')
})

test('labels of like number are wanted evenly, rare ones by the square root of their counts', () => {
  expect(propose(visits, { label: 'treated' }).project.target).toEqual({ treated: 'uniform' })
  const rows = Array.from({ length: 500 }, (_, row) => ({
    ...visits[row % 80]!,
    sign: row % 100 < 2 ? 'red' : 'green',
  }))
  // 490 green and 10 red: square roots 22.136 and 3.162, so shares 0.875 and 0.125.
  expect(propose(rows, { label: 'sign' }).project.target).toEqual({ sign: { green: 0.875, red: 0.125 } })
})

test('a label is found by its usual name, or where only one column could be it', () => {
  const named = visits.map(({ treated, ward, 'Body temperature': temperature }) => ({
    outcome: treated!,
    ward: ward!,
    temperature: temperature!,
  }))
  expect(Object.keys(propose(named).project.tasks)).toEqual(['outcome'])
  const single = visits.map(({ ward, 'Body temperature': temperature }) => ({
    ward: ward!,
    temperature: temperature!,
  }))
  expect(Object.keys(propose(single).project.tasks)).toEqual(['ward'])
})

test('where the label is not clear, the candidates are listed with their values', () => {
  const error = catchError(() => propose(visits))
  expect(error).toBeInstanceOf(UnclearLabel)
  expect((error as UnclearLabel).candidates).toEqual(['outcome_code', 'treated', 'ward', 'treatment_days'])
  expect((error as UnclearLabel).message).toContain('treated: no, yes')
})

test('a number is learned as a number', () => {
  const { project } = propose(visits, { label: 'Body temperature' })
  expect(project.tasks['body-temperature']).toMatchObject({ kind: 'number', answer: 'Body temperature' })
})

test('free text is asked about only when it is named, and then nothing is synthesised', () => {
  expect(propose(visits, { label: 'treated' }).notes.join(' ')).toContain('add --text note')
  const { project, notes } = propose(visits, { label: 'treated', text: 'note' })
  expect(project.generators).toEqual({})
  expect(project.mixtures).toEqual({})
  expect(JSON.stringify(project.tasks)).toContain('{{ note }}')
  expect(notes.join(' ')).toContain('No synthesizer writes free text yet')
})

test('conversations without a label become a chat task', () => {
  const rows = visits.map((row, index) => ({
    messages: JSON.stringify([{ role: 'user', content: `question ${index}` }]),
    prompt: `question ${index}`,
    response: `answer ${index}`,
    topic: row['ward']!,
  }))
  const { project } = propose(rows)
  expect(project.tasks).toEqual({ chat: { kind: 'chat' } })
  expect(project.attributes).toEqual(['topic'])
  expect(checkProject(project, 'the proposal').name).toBe('visits')
})

test('a quick project trains on few rows and seals the others, a whole one does not', () => {
  const rows = Array.from({ length: 3000 }, (_, row) => visits[row % 80]!)
  expect(propose(rows, { label: 'treated', quick: true }).project.split?.test).toBe(0.8)
  expect(propose(rows, { label: 'treated' }).project.split?.test).toBe(0.3)
})

test('a date cannot be learned, and nothing is learned from nothing', () => {
  const dated = visits.map((row, index) => ({ ...row, seen: `2024-0${(index % 9) + 1}-15` }))
  expect(() => propose(dated, { label: 'seen' })).toThrow(
    'holds a date, which is neither a label nor a number',
  )
  const bare = visits.map(({ treated, clinic }) => ({ treated: treated!, clinic: clinic! }))
  expect(() => propose(bare, { label: 'treated' })).toThrow(UserError)
})

function catchError(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
