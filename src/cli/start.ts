import { readFileSync } from 'node:fs'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { checkArguments } from './arguments.ts'
import { commands, type Listed } from './commands.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { formatHelp, formatOverview } from './help.ts'
import { systemError } from './system-error.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** Runs one command line and sets the exit code of the process. */
export async function startCommandLine(raw: readonly string[]): Promise<void> {
  const stop = new AbortController()
  const terminal = openTerminal(stop.signal)
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.stopped)
    stop.abort()
    terminal.note(`\n${terminal.style('dim', 'Stopping; Ctrl-C again stops at once.')}`)
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    process.exitCode = await dispatch(raw, terminal)
  } catch (error) {
    process.exitCode = tellError(error, raw, terminal)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

async function dispatch(raw: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const ending = raw.indexOf('--')
  const asked = (ending < 0 ? raw : raw.slice(0, ending)).some(isHelp)
  const [first, ...rest] = raw[0] === 'help' ? [...raw.slice(1), '--help'] : raw
  if (first === '--version' || first === '-v') {
    terminal.out(version())
    return exitCodes.done
  }
  if (first === undefined || isHelp(first) || first === '--all') {
    const unknown = raw.find(argument => argument !== 'help' && argument !== '--all' && !isHelp(argument))
    if (unknown !== undefined)
      throw new UsageError(`"${unknown}" stands before a command. Write \`tilth <command> [flags]\`.`)
    terminal.out(formatOverview(commands, raw.includes('--all'), terminal))
    return exitCodes.done
  }
  // Asked by the scripts of `tilth completion`, at every press of the tab key.
  if (first === '__complete') {
    const { completeWords, formatCompletion } = await import('./complete.ts')
    const found = formatCompletion(await completeWords(rest.slice(1)))
    if (found !== '') terminal.out(found)
    return exitCodes.done
  }
  const command = await findCommand(first).load()
  if (asked || raw[0] === 'help') {
    terminal.out(formatHelp(command, terminal))
    return exitCodes.done
  }
  return command.execute(checkArguments(command, rest), terminal)
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}

function findCommand(name: string): Listed {
  const found = commands.find(command => command.name === name)
  if (found !== undefined) return found
  if (name.startsWith('-')) {
    throw new UsageError(
      `${name} is not a flag of \`tilth\`.${didYouMean(name, ['--help', '--version', '--all'])}`,
    )
  }
  const names = commands.map(command => command.name)
  if (/\.(?:csv|tsv|jsonl|parquet|xlsx)(?:\.gz)?$/i.test(name)) {
    throw new UsageError(`"${name}" is a file, not a command. Did you mean \`tilth try ${name}\`?`)
  }
  throw new UsageError(
    `"${name}" is not a command.${didYouMean(name, names) || ` The commands are ${oneOf(names)}.`}`,
  )
}

/** Tells what went wrong: people's mistakes with what to do next, tilth's own with a stack. */
function tellError(error: unknown, raw: readonly string[], terminal: Terminal): ExitCode {
  const { code, message, next } = describeError(error, raw, terminal.signal)
  const mark = code === exitCodes.stopped ? '' : `${terminal.style('red', '✗')} `
  terminal.note(`\n${mark}${message}`)
  if (next !== undefined) terminal.note(`\n${terminal.style('bold', 'Next:')} ${next}`)
  if (code === exitCodes.bug)
    terminal.draw(`\n${error instanceof Error ? String(error.stack) : String(error)}\n`)
  if (raw.includes('--json'))
    terminal.out(JSON.stringify({ error: { code, message, next: next ?? null } }, null, 2))
  return code
}

function describeError(
  error: unknown,
  raw: readonly string[],
  signal: AbortSignal,
): { code: ExitCode; message: string; next?: string | undefined } {
  if (signal.aborted) {
    return {
      code: exitCodes.stopped,
      message: 'Stopped. What was finished is kept: the same command goes on from there.',
    }
  }
  const mistake = error instanceof UserError ? error : systemError(error)
  if (mistake !== undefined) return { code: exitCodes.mistake, message: mistake.message, next: mistake.next }
  if (error instanceof UsageError) {
    const name = commands.find(command => command.name === raw[0])?.name
    return {
      code: exitCodes.usage,
      message: error.message,
      next: `\`tilth ${name === undefined ? '' : `${name} `}--help\` shows an example.`,
    }
  }
  const versions = `tilth ${version()}, Node ${process.version}, ${process.platform} ${process.arch}`
  return {
    code: exitCodes.bug,
    message: 'This is a mistake in tilth, not in your data.',
    next: `Please report it with the command, the text below and this: ${versions}.`,
  }
}

function version(): string {
  const description = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(description) as { version: string }).version
}
