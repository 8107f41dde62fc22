import { expect, test } from 'vitest'
import { checkProject, defineProject, type ProjectInput } from 'tilth'

const sound: ProjectInput = {
  name: 'strikes',
  sources: { reports: { path: 'reports.csv', use: 'train' } },
  tasks: { damaged: { kind: 'label', answer: 'damaged', prompts: ['{{ report }} Damaged?'] } },
  generators: { own: { use: 'records' } },
  mixtures: { mixed: { generators: ['own'] } },
}

// What `tsc` says of these is checked by `npm run check`: an expected error that does not come is an error itself.
test('a typo in a project file is a compile error, and one at run time', () => {
  // @ts-expect-error `atributes` is not a setting
  const first = defineProject({ ...sound, atributes: [] })
  expect(() => checkProject(first, 'tilth.config.ts')).toThrow(/attributes/)
  const source = { path: 'reports.csv', use: 'training' } as const
  // @ts-expect-error `training` is no use of a source
  const second = defineProject({ ...sound, sources: { reports: source } })
  expect(() => checkProject(second, 'tilth.config.ts')).toThrow(/"train"/)
})

test('a sound project is taken as it is', () => {
  expect(checkProject(defineProject(sound), 'tilth.config.ts').evaluate.worth).toBe(5)
})
