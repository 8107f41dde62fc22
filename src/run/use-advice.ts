import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { type Advice, adviceSchema } from '../advise/advice.ts'
import type { Attributes } from '../data/example.ts'
import { hashOf } from '../data/hash.ts'
import { jsonProblem } from '../data/json-problem.ts'
import { didYouMean, nearestWord, oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { formatPath, formatValue, type Path, valueAt } from '../project/mistake.ts'
import type { Project } from '../project/schema.ts'
import { apportion } from '../stats/apportion.ts'
import type { Prepared } from './steps/prepare.ts'

/** What a run takes of an advice: who makes how many rows of which cell for the first mixture. */
export interface UsedAdvice {
  /** Real training rows that the counts are for. */
  readonly rows: number
  readonly requests: readonly AdvisedCell[]
}

export interface AdvisedCell {
  readonly generator: string
  readonly cell: Attributes
  readonly count: number
}

/** Names the data that an advice is made for: contents, and how they are read and parted. */
export function dataHash(project: Project, contents: Readonly<Record<string, string>>): string {
  const { sources, columns, split, seed } = project
  return hashOf({ sources, contents, columns, split, seed }).slice(0, 16)
}

/** Reads an advice from its file. Throws a UserError that lists every mistake of its shape, with place and value. */
export function readAdvice(file: string): Advice {
  const name = path.basename(file)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UserError(
      `There is no advice ${file} that can be read.`,
      'Write one with `tilth advise --out advice.json`.',
    )
  }
  const fault = jsonProblem(text)
  if (fault !== undefined) {
    const before = text.slice(0, fault.column - 1).split('\n')
    throw new UserError(
      `${name}:${before.length}:${before.at(-1)!.length + 1} is not JSON: ${fault.problem}`,
      'Put it right, or write a new one with `tilth advise --out`.',
    )
  }
  return parseAdvice(JSON.parse(text), name)
}

/** An advice as plain data. Throws a UserError that lists every mistake of its shape; `name` is what the advice is called. */
export function parseAdvice(input: unknown, name = 'the advice'): Advice {
  const parsed = adviceSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw mistakesError(
    name,
    parsed.error.issues.flatMap(issue => shapeMistakes(input, issue)),
  )
}

/**
 * What a run takes of an advice. Throws a UserError where it is for other data or another mixture, or names a generator,
 * an attribute or a value that the project does not have.
 */
export function useAdvice(
  advice: Advice,
  given: { readonly project: Project; readonly prepared: Prepared; readonly data: string },
): UsedAdvice {
  const { project, prepared } = given
  const [mixture] = Object.entries(project.mixtures)
  if (mixture === undefined) {
    throw new UserError('the project has no mixture that advice could fill', 'Add one under `mixtures`.')
  }
  const [name, { generators }] = mixture
  const stale =
    advice.project !== project.name
      ? `it was made for project "${advice.project}", and this is "${project.name}"`
      : advice.data !== given.data
        ? 'it was made for other data, or the data were read or split otherwise then'
        : advice.mixture !== null && advice.mixture !== name
          ? `it fills mixture "${advice.mixture}", and the first mixture is "${name}"`
          : null
  if (stale !== null) {
    throw new UserError(
      `the advice does not belong to this project as it is now: ${stale}`,
      'Run `tilth advise --out` again and make your changes to the new file.',
    )
  }
  const mistakes: string[] = []
  for (const [index, request] of advice.make.entries()) {
    if (!request.use) continue
    const at: Path = ['make', index]
    if (!generators.includes(request.generator)) {
      const known = Object.hasOwn(project.generators, request.generator)
      mistakes.push(
        known
          ? tell(
              [...at, 'generator'],
              `is "${request.generator}", whose rows mixture "${name}" does not take. Add it to \`mixtures.${name}.generators\`.`,
            )
          : tell(
              [...at, 'generator'],
              `is "${request.generator}", which mixture "${name}" does not have.${didYouMean(request.generator, generators) || ` It has ${oneOf(generators)}.`}`,
            ),
      )
    }
    mistakes.push(...cellMistakes([...at, 'cell'], request.cell, given))
  }
  const used = advice.make.filter(({ use, count }) => use && count > 0)
  if (mistakes.length > 0) throw mistakesError('the advice', mistakes)
  if (used.length === 0) {
    throw new UserError(
      'the advice asks for no rows',
      'Set `use` to true and `count` above 0 somewhere in `make`.',
    )
  }
  return {
    rows: prepared.train.length,
    requests: used.map(({ generator, cell, count }) => ({ generator, cell, count })),
  }
}

/** The requests for a passage with fewer real rows: their sum in proportion, each as near as whole numbers allow. */
export function scaleAdvice({ rows, requests }: UsedAdvice, train: number): readonly AdvisedCell[] {
  if (train === rows) return requests
  const counts = requests.map(({ count }) => count)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const scaled = apportion(counts, Math.round((total * train) / rows))
  return requests.map((request, index) => ({ ...request, count: scaled[index]! }))
}

function cellMistakes(
  at: Path,
  cell: Attributes,
  { project, prepared }: { readonly project: Project; readonly prepared: Prepared },
): readonly string[] {
  const columns = prepared.schema.columns.map(({ name }) => name)
  return Object.entries(cell).flatMap(([name, value]) => {
    const path = [...at, name]
    if (!columns.includes(name)) {
      return [
        tell(
          path,
          `is no column of the training rows.${didYouMean(name, columns) || ` They have ${oneOf(columns)}.`}`,
        ),
      ]
    }
    const target = project.target[name]
    const wanted = typeof target === 'object' ? Object.keys(target) : []
    const seen = new Set(prepared.train.map(({ row }) => row[name] ?? null))
    if (seen.has(value) || wanted.includes(String(value))) return []
    const known = [...new Set([...[...seen].map(String), ...wanted])]
    const twin = [...seen].find(each => String(each) === String(value))
    if (twin !== undefined)
      return [tell(path, `is ${formatValue(value)}; in the rows it is ${formatValue(twin)}.`)]
    // What no row has may still be what is wanted: a grammar can know it. A word that is nearly one of theirs is a slip.
    const guess = typeof value === 'string' ? nearestWord(value, known) : undefined
    return guess === undefined
      ? []
      : [tell(path, `is ${formatValue(value)}, which no training row has. Did you mean "${guess}"?`)]
  })
}

function shapeMistakes(input: unknown, issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.map(segment => (typeof segment === 'symbol' ? String(segment) : segment))
  if (issue.code === 'unrecognized_keys') {
    const known = path[0] === 'make' ? ['use', 'generator', 'cell', 'count'] : Object.keys(adviceSchema.shape)
    return issue.keys.map(key => tell([...path, key], `is not a part of an advice.${didYouMean(key, known)}`))
  }
  const value = valueAt(input, path)
  const wanted = issue.code === 'too_small' ? `at least ${issue.minimum}` : wantedAt(path, issue)
  return [tell(path, `is ${formatValue(value)}; it should be ${wanted}.`)]
}

function wantedAt(path: Path, issue: z.core.$ZodIssue): string {
  const words: Readonly<Record<string, string>> = {
    use: 'true or false',
    generator: 'the name of a generator',
    cell: 'attributes with their values',
    count: 'a whole number from 0',
    make: 'a list of requests',
    version: '1',
  }
  return words[String(path.at(-1))] ?? issue.message
}

function tell(path: Path, message: string): string {
  return `${path.length === 0 ? 'the whole' : formatPath(path)} ${message}`
}

function mistakesError(name: string, mistakes: readonly string[]): UserError {
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`
  return new UserError(
    `${name} has ${count}:\n\n${mistakes.map(mistake => `  ${mistake}`).join('\n')}`,
    'Put these right and run again; `tilth advise --out` writes a new one.',
  )
}
