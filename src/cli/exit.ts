/** What the process ends with; `tilth --help` prints these. */
export const exitCodes = {
  done: 0,
  mistake: 1,
  usage: 2,
  short: 3,
  bug: 70,
  stopped: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.done, 'it worked'],
  [exitCodes.mistake, 'something in the project or the data must be put right'],
  [exitCodes.usage, 'an unknown command or flag, or a value that makes no sense'],
  [exitCodes.short, 'the run ended, but a mixture stayed empty: no candidate passed'],
  [exitCodes.bug, 'a mistake in tilth itself'],
  [exitCodes.stopped, 'stopped with Ctrl-C; what was finished is kept'],
]

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
