import { resolve } from 'node:path'
import { stringify } from 'yaml'
import type { Advice, AdvisedGap } from '../advise/advice.ts'
import { nameCell } from '../advise/gap.ts'
import { writeFileAtomic } from '../data/file.ts'
import { loadProject } from '../project/project.ts'
import { formatLiteral } from '../propose/project-text.ts'
import { readSeed } from './arguments.ts'
import { badRowsFlag, defineCommand, jsonFlag, projectFlag, seedFlag } from './command.ts'
import { exitCodes } from './exit.ts'
import { performRun, shortPath } from './perform.ts'
import type { Terminal } from './terminal.ts'
import { formatRoughly, formatTable, wrapText } from './text.ts'

/** So many gaps are listed, and so many told at length; `--json` has all. */
const listed = 10
const told = 5

export const adviseCommand = defineCommand({
  name: 'advise',
  summary: 'Says which generator should fill which gap, how well, and at what cost.',
  details:
    'Ranks what is missing or wrong among the real examples in one list, tries the generators of the first mixture on it with fifty candidates of each kind, and says what to make of whom, what to collect and what to mend. ' +
    'Written to a file, changed as you like and passed to `tilth run --advice`, it takes the place of equal parts.',
  examples: ['tilth advise', 'tilth advise --out advice.json', 'tilth advise --fast --json'],
  args: {
    ...projectFlag,
    ...seedFlag,
    out: {
      type: 'string',
      valueHint: 'file',
      description: 'Writes the advice as JSON, to change and pass back.',
    },
    fast: { type: 'boolean', description: 'Tries nothing: yields are guesses.' },
    ...badRowsFlag,
    ...jsonFlag,
  },
  async run(args, terminal) {
    const seed = readSeed(args.seed)
    const loaded = await loadProject(args.project ?? '.', { signal: terminal.signal })
    const result = await performRun(
      {
        loaded,
        seed,
        until: 'advise',
        probe: args.fast !== true,
        skipBadRows: args['skip-bad-rows'] === true,
      },
      terminal,
    )
    const advice = result.partial['advise'] as Advice
    const text = JSON.stringify(advice, null, 2)
    if (args.out !== undefined) await writeFileAtomic(resolve(args.out), `${text}\n`)
    if (args.json) terminal.out(text)
    else showAdvice(advice, loaded.file, terminal)
    if (args.out !== undefined) {
      const file = shortPath(resolve(args.out))
      terminal.note(
        `\n${file} is written. Change \`use\` and \`count\` under \`make\` as you like, then \`tilth run --advice ${file}\`.`,
      )
    } else if (!args.json && advice.make.length > 0) {
      terminal.note(
        '\nTo change it and run it: `tilth advise --out advice.json`, then `tilth run --advice advice.json`.',
      )
    }
    return exitCodes.done
  },
})

function showAdvice(advice: Advice, projectFile: string, terminal: Terminal): void {
  showGaps(advice.gaps, terminal)
  showRequests(advice, terminal)
  for (const { use, name, why, settings } of advice.add) {
    terminal.out('')
    if (settings === null) {
      terminal.out(wrapText(`A \`${use}\` generator would be of no help yet: ${why}.`, terminal.width))
      continue
    }
    const mixed = advice.mixture === null ? 'a mixture' : `mixture "${advice.mixture}"`
    const text = `A \`${use}\` generator could be added: ${why}. Begin with this, change it as you need, and name it in ${mixed}:`
    terminal.out(wrapText(text, terminal.width))
    terminal.out(`\n${snippet(name, settings, projectFile)}`)
  }
}

function showGaps(gaps: readonly AdvisedGap[], terminal: Terminal): void {
  const rows = gaps.slice(0, listed).map(({ rank, what, action, count, planned, priority, candidates }) => [
    rank,
    what,
    action,
    count,
    planned ?? '–',
    candidates
      .filter(({ advised }) => advised)
      .map(({ generator }) => generator)
      .join(', ') || '–',
    (100 * priority).toFixed(1),
  ])
  terminal.out(formatTable(['', 'gap', 'do', 'rows', 'planned', 'by', 'errors in 100'], rows))
  terminal.out(
    `\n${wrapText('"errors in 100": of 100 new cases, about so many are answered wrong because of the gap; an estimate, to compare gaps by. "planned": rows of the kind that the requests below bring, asked for or by the way.', terminal.width)}`,
  )
  for (const gap of gaps.slice(0, told)) {
    terminal.out('')
    terminal.out(wrapText(`${gap.rank}. ${gap.what}: ${gap.do}.`, terminal.width))
    terminal.out(wrapText(`${gap.why}.`, terminal.width, '   '))
    for (const { generator, why, measured, able, advised } of gap.candidates) {
      const passing = !able || measured === null ? '' : ` (${measured.accepted} of ${measured.tried})`
      const mark = advised ? '+' : '-'
      terminal.out(wrapText(`${mark} ${generator}${passing}: ${why}`, terminal.width, '   '))
    }
  }
  if (gaps.length > told) terminal.out(`\nAll ${gaps.length} gaps with their reasons are in \`--json\`.`)
}

function showRequests({ make, unmade, mixture, rows }: Advice, terminal: Terminal): void {
  if (mixture === null) {
    terminal.out('\nThe project has no mixture, so nothing is to be made.')
    return
  }
  if (make.length === 0) {
    terminal.out(`\nNo generator of mixture "${mixture}" can make any of this.`)
    return
  }
  const total = make.reduce((sum, { count }) => sum + count, 0)
  const seconds = make.reduce((sum, request) => sum + (request.seconds ?? 0), 0)
  const dollars = make.reduce((sum, request) => sum + (request.dollars ?? 0), 0)
  terminal.out(
    `\n${wrapText(`For mixture "${mixture}", ${total} rows beside ${rows} real ones (about ${formatRoughly(seconds)} of one core, ${dollars === 0 ? 'no money' : `${dollars.toFixed(2)} US dollars`}):`, terminal.width)}\n`,
  )
  terminal.out(
    formatTable(
      ['rows', 'of', 'by', 'pass'],
      make.map(request => [
        request.count,
        nameCell(request.cell),
        request.generator,
        request.yield === null ? '–' : `${(100 * request.yield).toFixed(0)} %`,
      ]),
    ),
  )
  if (unmade.length === 0) return
  const lost = unmade.reduce((sum, { count }) => sum + count, 0)
  const names = unmade.slice(0, 3).map(({ cell }) => nameCell(cell))
  const more = unmade.length > names.length ? ` and ${unmade.length - names.length} more` : ''
  terminal.out(
    `\n${wrapText(`${lost} rows that the mixture would have are left out, since none of its generators can make them: ${names.join('; ')}${more}.`, terminal.width)}`,
  )
}

function snippet(name: string, { use, ...rest }: Readonly<Record<string, unknown>>, file: string): string {
  const settings = { use, ...rest }
  if (/\.ya?ml$/.test(file)) return `generators:\n  ${name}:${formatFlow(settings, '  ')}`
  return `generators: {\n  ${name}: ${formatLiteral(settings, '  ')},\n},`
}

/** What follows `name:` in YAML: on its line where that is short, else a line for each member. */
function formatFlow(value: unknown, indent: string): string {
  const flow = stringify(value, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trim()
  if (flow.length < 70 || value === null || typeof value !== 'object' || Array.isArray(value))
    return ` ${flow}`
  const inner = `${indent}  `
  const members = Object.entries(value).map(
    ([key, member]) => `\n${inner}${stringify(key).trim()}:${formatFlow(member, inner)}`,
  )
  return members.join('')
}
