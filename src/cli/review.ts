import { relative, resolve } from 'node:path'
import { UserError } from '../error.ts'
import { type LoadedProject, loadProject } from '../project/project.ts'
import { reviewerName } from '../review/decision.ts'
import type { ReviewFolder } from '../run/review-folder.ts'
import { defineCommand, jsonFlag, projectFlag } from './command.ts'
import { type ExitCode, exitCodes, UsageError } from './exit.ts'
import { shortPath } from './perform.ts'
import { tellReview } from './review-summary.ts'
import { findRun } from './run-folder.ts'
import type { Terminal } from './terminal.ts'

export const reviewCommand = defineCommand({
  name: 'review',
  summary: 'Lets people accept, fix or reject what was made.',
  details:
    'Writes a sheet with 20 synthetic examples drawn evenly, from which the share that is acceptable is estimated, and 30 that a student doubts, over all cases. ' +
    'Fill it in and import it, or answer in the terminal with one key each. The next `tilth run` takes the decisions in: fixed examples come in, rejected ones stay out.',
  examples: [
    'tilth review',
    'tilth review --blind --mixture shareable',
    'tilth review --import sheet.xlsx --reviewer anna',
    'tilth review --terminal --reviewer anna',
    'tilth review --summary',
  ],
  args: {
    run: {
      type: 'positional',
      required: false,
      description: 'The run, or the beginning of its name; left out, the latest.',
    },
    ...projectFlag,
    mixture: { type: 'string', valueHint: 'name', description: 'Mixture to review; left out, the first.' },
    blind: { type: 'boolean', description: 'Tells nothing of origin, and mixes 10 real examples in.' },
    terminal: { type: 'boolean', description: 'Asks here, one key for each example.' },
    import: { type: 'string', valueHint: 'file', description: 'Takes in a sheet that was filled in.' },
    reviewer: {
      type: 'string',
      valueHint: 'name',
      description: 'Who decides; in the terminal "me" where left out.',
    },
    summary: { type: 'boolean', description: 'Shows what was decided so far.' },
    ...jsonFlag,
  },
  async run(args, terminal) {
    const asked = {
      terminal: args.terminal === true,
      summary: args.summary === true,
      import: args.import !== undefined,
    }
    const ways = Object.entries(asked).flatMap(([name, given]) => (given ? [`--${name}`] : []))
    if (ways.length > 1) throw new UsageError(`${ways.join(' and ')} do not go together.`)
    if (asked.import && args.reviewer === undefined) {
      throw new UsageError('--import needs --reviewer <name>, so that two people’s answers stay apart.')
    }
    const loaded = await loadProject(args.project ?? '.', { signal: terminal.signal })
    const json = args.json === true
    if (args.import !== undefined) {
      return importFile(
        { loaded, path: resolve(args.import), reviewer: checkReviewer(args.reviewer!), json },
        terminal,
      )
    }
    if (asked.summary) return showSummary({ loaded, run: args.run, json }, terminal)
    const kept = await openLatest(
      { loaded, run: args.run, mixture: args.mixture, blind: args.blind === true },
      terminal,
    )
    if (asked.terminal)
      return answerHere({ kept, reviewer: checkReviewer(args.reviewer ?? 'me'), json }, terminal)
    return writeSheet(kept, json, terminal)
  },
})

function checkReviewer(name: string): string {
  const checked = reviewerName.safeParse(name)
  if (checked.success) return checked.data
  throw new UsageError(`--reviewer is "${name}"; it should be ${checked.error.issues[0]!.message}.`)
}

async function openLatest(
  asked: { loaded: LoadedProject; run: string | undefined; mixture: string | undefined; blind: boolean },
  terminal: Terminal,
): Promise<ReviewFolder> {
  const { openReview } = await import('../run/review.ts')
  const run = await findRun(asked.loaded.folder, asked.run)
  return openReview({ ...asked, run, signal: terminal.signal })
}

async function writeSheet(kept: ReviewFolder, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const { writeSheets } = await import('../run/review.ts')
  const sheets = await writeSheets(kept)
  const { review, local, folder } = kept
  const count = (part: string): number => review.items.filter(item => item.part === part).length
  if (json) {
    const items = { random: count('random'), chosen: count('chosen'), real: count('real') }
    const { run, mixture, blind } = review
    terminal.out(JSON.stringify({ run, mixture, blind, local, folder, sheets, items }, null, 2))
    return exitCodes.done
  }
  for (const { file } of sheets) terminal.out(shortPath(file))
  const real = review.blind ? `, ${count('real')} real` : ''
  terminal.note(
    `\n${review.items.length} examples of mixture "${review.mixture}" of run ${review.run}: ${count('random')} drawn evenly, ${count('chosen')} chosen${real}.`,
  )
  if (sheets.some(({ isNew }) => !isNew)) terminal.note('A sheet that was there already is as it was.')
  if (local) {
    terminal.note(
      'It shows rows that descend from data that may not leave this machine: the sheet is in the private folder, readable by you alone. Do not send it on.',
    )
  }
  const [csv] = sheets
  terminal.note(
    `\n${terminal.style('bold', 'Next:')} Write accept, fix (with the better answer) or reject (with the reason) in its columns, then \`tilth review --import ${shortPath(csv!.file)} --reviewer <name>\`.`,
  )
  return exitCodes.done
}

async function importFile(
  given: { loaded: LoadedProject; path: string; reviewer: string; json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const { importSheet } = await import('../run/import-review.ts')
  const { summariseFolder } = await import('../run/review.ts')
  const { kept, taken, all } = await importSheet({
    ...given,
    at: new Date().toISOString(),
    signal: terminal.signal,
  })
  const summary = summariseFolder(kept)
  if (given.json) {
    terminal.out(JSON.stringify({ reviewer: given.reviewer, taken, all, summary }, null, 2))
    return exitCodes.done
  }
  terminal.note(
    `${taken} of ${kept.review.items.length} examples are decided in ${relative(process.cwd(), given.path)}; ${given.reviewer} has decided ${all}.`,
  )
  tellReview(summary, terminal)
  tellNext(terminal)
  return exitCodes.done
}

async function answerHere(
  given: { kept: ReviewFolder; reviewer: string; json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const { kept, reviewer } = given
  const { readDecisions, saveDecisions } = await import('../run/review-folder.ts')
  const { summariseFolder } = await import('../run/review.ts')
  const { readKeys } = await import('./keys.ts')
  const { reviewInTerminal } = await import('./review-terminal.ts')
  const keys = readKeys(process.stdin, terminal.signal)
  try {
    const { decisions, ended } = await reviewInTerminal({
      review: kept.review,
      tasks: kept.review.tasks,
      reviewer,
      decisions: readDecisions(kept).filter(decision => decision.reviewer === reviewer),
      keys,
      terminal,
      save: all => saveDecisions(kept, reviewer, all),
      now: () => new Date().toISOString(),
    })
    const left = kept.review.items.length - decisions.length
    terminal.note(
      `\n${decisions.length} decided and saved${left === 0 ? '' : `, ${left} left: \`tilth review --terminal\` goes on`}.`,
    )
    if (given.json)
      terminal.out(
        JSON.stringify({ reviewer, all: decisions.length, summary: summariseFolder(kept) }, null, 2),
      )
    else if (decisions.length > 0) {
      tellReview(summariseFolder(kept), terminal)
      tellNext(terminal)
    }
    return ended === 'stopped' && terminal.interactive ? exitCodes.stopped : exitCodes.done
  } finally {
    keys.close()
  }
}

async function showSummary(
  given: { loaded: LoadedProject; run: string | undefined; json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const { findReviews } = await import('../run/review-folder.ts')
  const { summariseFolder } = await import('../run/review.ts')
  const reviews = findReviews(given.loaded.folder).filter(({ review }) =>
    review.run.startsWith(given.run ?? ''),
  )
  if (reviews.length === 0) {
    throw new UserError(
      given.run === undefined
        ? 'No run of this project was reviewed.'
        : `No review is of a run "${given.run}".`,
      '`tilth review` writes a sheet for the latest run.',
    )
  }
  const summaries = reviews.map(summariseFolder)
  if (given.json) terminal.out(JSON.stringify({ reviews: summaries }, null, 2))
  else for (const summary of summaries) tellReview(summary, terminal)
  return exitCodes.done
}

function tellNext(terminal: Terminal): void {
  terminal.note(`\n${terminal.style('bold', 'Next:')} \`tilth run\` takes the decisions in.`)
}
