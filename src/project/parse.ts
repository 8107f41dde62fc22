import type { z } from 'zod'
import { didYouMean, nearestWord, oneOf } from '../did-you-mean.ts'
import { formatPath, formatValue, valueAt, type Mistake, type Path } from './mistake.ts'
import { projectSchema, type Project } from './schema.ts'
import { expectedAt, settingsAt, wordsAt } from './settings.ts'

type Issue = z.core.$ZodIssue

export type Parsed =
  | { readonly project: Project; readonly mistakes: readonly [] }
  | { readonly project: null; readonly mistakes: readonly Mistake[] }

/** Reads the shape of a project, filling in defaults; or says everything that is wrong with the shape. */
export function parseProject(input: unknown): Parsed {
  const result = projectSchema.safeParse(input)
  if (result.success) return { project: result.data, mistakes: [] }
  const mistakes = result.error.issues.flatMap(issue => mistakesOf(input, issue, []))
  return { project: null, mistakes: mistakes.filter(mistake => !isMistyped(input, mistake, mistakes)) }
}

/** What follows from a mistyped setting is no mistake of its own: the setting is missing, its group is not whole. */
function isMistyped(input: unknown, mistake: Mistake, all: readonly Mistake[]): boolean {
  if (mistake.inName === true) return false
  const isMissing = valueAt(input, mistake.path) === undefined
  const group = isMissing ? mistake.path.slice(0, -1) : mistake.path
  return all.some(other => {
    if (other.inName !== true || formatPath(other.path.slice(0, -1)) !== formatPath(group)) return false
    return (
      !isMissing || nearestWord(String(other.path.at(-1)), settingsAt(input, group)) === mistake.path.at(-1)
    )
  })
}

function mistakesOf(input: unknown, issue: Issue, parent: Path): readonly Mistake[] {
  const path = [
    ...parent,
    ...issue.path.map(segment => (typeof segment === 'symbol' ? String(segment) : segment)),
  ]
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownSetting(input, path, key))
  if (issue.code === 'invalid_key') return [wrongName(path, issue)]
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue.errors)
    if (branch !== undefined) return branch.flatMap(inner => mistakesOf(input, inner, path))
  }
  return [wrongValue(input, path, issue)]
}

/** The branch of a union whose outer shape fits, where exactly one does: its mistakes are those that were made. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter(issues =>
    issues.every(issue => issue.path.length > 0 || !shapeCodes.has(issue.code)),
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

const shapeCodes: ReadonlySet<Issue['code']> = new Set(['invalid_type', 'invalid_union', 'invalid_value'])

function unknownSetting(input: unknown, path: Path, key: string): Mistake {
  const known = settingsAt(input, path)
  const guess = didYouMean(key, known)
  const list = guess === '' && known.length > 0 ? ` The settings here are ${oneOf(known)}.` : guess
  return { path: [...path, key], message: `is not a setting.${list}`, inName: true }
}

function wrongName(path: Path, issue: Extract<Issue, { code: 'invalid_key' }>): Mistake {
  const wanted = issue.issues[0]?.message ?? 'another name'
  return { path, message: `is not a good name; it should be ${wanted}.`, inName: true }
}

function wrongValue(input: unknown, path: Path, issue: Issue): Mistake {
  const value = valueAt(input, path)
  const wanted = expectedAt(input, path) || issue.message
  if (value === undefined) return { path, message: `is missing; it should be ${wanted}.` }
  const custom = issue.code === 'custom' ? issue.message : wanted
  const guess = typeof value === 'string' ? didYouMean(value, wordsAt(input, path)) : ''
  return { path, message: `is ${formatValue(value)}; it should be ${custom}.${guess}` }
}
