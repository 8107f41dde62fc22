import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { confirm } from '@clack/prompts'
import { UserError } from '../error.ts'
import { formatBytes } from '../data/bytes.ts'
import type { CleanPlan, RemovalKind } from '../run/clean.ts'
import { defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { shortPath } from './perform.ts'
import type { Terminal } from './terminal.ts'
import { formatTable } from './text.ts'

export const cleanCommand = defineCommand({
  name: 'clean',
  summary: 'Removes what no run refers to any more, and old runs.',
  details:
    'Results are kept between runs so that nothing is made twice; those that no run in runs/ refers to, and what stopped processes left half-written, only take room. ' +
    'Shows what would go and asks first. Data, project files, looks at the seal and files that you put into runs/ are never touched; what people decided in reviews stays unless --reviews is given.',
  examples: ['tilth clean --dry-run', 'tilth clean --keep 5', 'tilth clean --older-than 30d --yes'],
  args: {
    ...projectFlag,
    keep: {
      type: 'string',
      valueHint: 'number',
      description: 'Old runs go too: all but so many of the latest.',
    },
    'older-than': {
      type: 'string',
      valueHint: 'time',
      description: 'Old runs go too: those last worked on so long ago, for example 30d, 12h or 4w.',
    },
    reviews: {
      type: 'boolean',
      description:
        'What people decided about runs that go, or are gone, goes too. The next run then does without it.',
    },
    'dry-run': { type: 'boolean', description: 'Shows what would go; removes nothing.' },
    yes: { type: 'boolean', alias: 'y', description: 'Asks nothing.' },
    ...jsonFlag,
  },
  async run(args, terminal) {
    const project = resolve(args.project ?? '.')
    const keep = readCount(args.keep)
    const age = readAge(args['older-than'])
    const json = args.json === true
    const dry = args['dry-run'] === true
    const release = await lockWhereMade(project)
    try {
      const { planClean, performClean } = await import('../run/clean.ts')
      const plan = planClean({
        project,
        keep,
        before: age === undefined ? undefined : Date.now() - age,
        reviews: args.reviews === true,
      })
      if (!json) tellPlan(plan, project, terminal)
      const isEmpty = plan.removals.length === 0
      const removed = !dry && !isEmpty && (args.yes === true || (await confirmed(plan, json, terminal)))
      if (removed) performClean(project, plan, terminal.signal)
      if (json) terminal.out(JSON.stringify({ removed, ...plan }, null, 2))
      else if (removed) terminal.note(`Removed: ${formatBytes(plan.bytes)} are free again.`)
      else if (!isEmpty) terminal.note('Nothing was removed.')
    } finally {
      release()
    }
    return exitCodes.done
  },
})

/** The lock of a project that has something to clean; nothing is made where there is none. */
async function lockWhereMade(project: string): Promise<() => void> {
  const tilth = join(project, '.tilth')
  if (!existsSync(project))
    throw new UserError(`There is no folder ${project}.`, 'Name the folder of the project with --project.')
  if (!existsSync(tilth)) return () => {}
  const { takeLock } = await import('../data/lock.ts')
  return takeLock(tilth)
}

const names: Readonly<Record<RemovalKind, string>> = {
  run: 'of old runs',
  result: 'results that no run refers to',
  leftover: 'left half-written',
  review: 'reviews: decisions of people',
}

function tellPlan({ runs, removals, bytes }: CleanPlan, project: string, terminal: Terminal): void {
  if (removals.length === 0) {
    terminal.note(`There is nothing to clean in ${shortPath(project) || 'this folder'}.`)
    return
  }
  const kinds = (Object.keys(names) as RemovalKind[]).flatMap(kind => {
    const own = removals.filter(removal => removal.kind === kind)
    const sum = own.reduce((total, removal) => total + removal.bytes, 0)
    const count = kind === 'run' ? runs.length : own.length
    return own.length === 0 ? [] : [[names[kind], count, formatBytes(sum)]]
  })
  terminal.out(formatTable(['what', 'number', 'size'], [...kinds, ['all', '', formatBytes(bytes)]]))
  if (runs.length > 0) terminal.note(`\nRuns that go: ${runs.join(', ')}.`)
  for (const { kind, path } of removals) {
    if (kind === 'review') terminal.note(`Decisions that go: ${shortPath(path)}.`)
  }
}

/** Asks a person. Throws UserError where there is none to ask. */
async function confirmed(
  { bytes, removals }: CleanPlan,
  json: boolean,
  terminal: Terminal,
): Promise<boolean> {
  if (json || !terminal.interactive)
    throw new UserError(
      'Nothing was removed: there is nobody here to ask.',
      '`--yes` removes it, `--dry-run` shows it.',
    )
  const decisions = removals.some(({ kind }) => kind === 'review')
  const message = `Remove ${formatBytes(bytes)}${decisions ? ', what people decided in reviews included' : ''}?`
  return (await confirm({ message, initialValue: !decisions })) === true
}

function readCount(written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  if (/^\d{1,9}$/.test(written)) return Number(written)
  throw new UsageError(`--keep is "${written}"; it should be a whole number from 0.`)
}

const hour = 3_600_000
const units: Readonly<Record<string, number>> = { h: hour, d: 24 * hour, w: 7 * 24 * hour }

/** `30d` in milliseconds. */
function readAge(written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const [, count, unit] = /^(\d{1,6})([hdw])$/.exec(written) ?? []
  if (count !== undefined && unit !== undefined) return Number(count) * units[unit]!
  throw new UsageError(`--older-than is "${written}"; it should be a time such as 12h, 30d or 4w.`)
}
