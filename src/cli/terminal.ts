import { styleText } from 'node:util'
import { exitCodes } from './exit.ts'
import { systemError } from './system-error.ts'
import { wrapText } from './text.ts'

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

/** Where a command writes: results to `out`, all else to `note`. */
export interface Terminal {
  /** Whether a person can be asked and a line can be redrawn. */
  readonly interactive: boolean
  /** Characters in a line, at most 100. */
  readonly width: number
  readonly signal: AbortSignal
  /** A result, on standard output. */
  out(text: string): void
  /** Everything that is not the result, on standard error; wrapped to the width. */
  note(text: string, indent?: string): void
  /** Raw bytes on standard error, for a line that is redrawn. */
  draw(text: string): void
  /** Styled for standard error, or for standard output; plain where that is no terminal. */
  style(style: Style, text: string, stream?: 'out' | 'note'): string
}

/** The terminal of this process. */
export function openTerminal(signal: AbortSignal): Terminal {
  // A reader that goes away early (`tilth runs | head`) is no mistake.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    process.stderr.write(
      `\n✗ The result cannot be written: ${systemError(error)?.message ?? error.message}\n`,
    )
    process.exit(exitCodes.mistake)
  })
  const width = Math.min(process.stderr.columns || 80, 100)
  return {
    interactive:
      process.stderr.isTTY === true && process.stdin.isTTY === true && process.env['TERM'] !== 'dumb',
    width,
    signal,
    out: text => void process.stdout.write(`${text}\n`),
    note: (text, indent = '') => void process.stderr.write(`${wrapText(text, width, indent)}\n`),
    draw: text => void process.stderr.write(text),
    style: (style, text, stream = 'note') =>
      styleText(style, text, { stream: stream === 'out' ? process.stdout : process.stderr }),
  }
}
