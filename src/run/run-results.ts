import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../error.ts'
import { codecOf } from './steps/codecs.ts'
import type { Plan, PlannedStep } from './plan.ts'
import { resultFolder } from './store.ts'

/** The results of a run that is done. */
export interface RunResults {
  readonly plan: Plan
  folderOf(step: string): string
  read<Value>(step: string): Promise<Value>
}

/**
 * Opens the results of a run that is done, by step name, without taking the folder's lock. `again` says what to do once
 * `tilth run` has made a missing one again.
 */
export function openResults(
  project: string,
  run: { readonly id: string; readonly folder: string },
  again: string,
): RunResults {
  const plan = JSON.parse(readFileSync(path.join(run.folder, 'plan.json'), 'utf8')) as Plan
  const stepOf = (name: string): PlannedStep => {
    const step = plan.steps.find(each => each.name === name)
    if (step !== undefined && existsSync(resultFolder(path.join(project, '.tilth'), step))) return step
    throw new UserError(
      `the result of step ${name} of run ${run.id} is not there any more`,
      `\`tilth run\` makes it again; then ${again}.`,
    )
  }
  const folderOf = (name: string): string => resultFolder(path.join(project, '.tilth'), stepOf(name))
  return {
    plan,
    folderOf,
    read: async <Value>(name: string) => (await codecOf(stepOf(name).kind).read(folderOf(name))) as Value,
  }
}
