import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { ModelFormat } from '../export/model-format.ts'
import type { FloatType } from '../model/exported-files.ts'
import type { Quantisation } from '../model/gguf-decoder.ts'
import { loadProject } from '../project/project.ts'
import type { WrittenModel } from '../run/export-model.ts'
import { type ExitCode, exitCodes, UsageError } from './exit.ts'
import { findOrAsk, readReplicate } from './open-tuned.ts'
import { shortPath } from './perform.ts'
import { findRun } from './run-folder.ts'
import type { Terminal } from './terminal.ts'

/** The arguments of `tilth export` that are about a tuned model. */
interface ExportArguments {
  readonly run?: string | undefined
  readonly arm?: string | undefined
  readonly mixture?: string | undefined
  readonly task?: string | undefined
  readonly replicate?: string | undefined
  readonly base?: string | undefined
  readonly quantisation?: Quantisation | undefined
  readonly dtype?: FloatType | undefined
  readonly out?: string | undefined
  readonly 'let-local-data-out'?: boolean | undefined
  readonly project?: string | undefined
  readonly json?: boolean | undefined
}

/** Throws UsageError for a flag that does nothing in this format. */
export function refuseFlags(
  format: string,
  args: Readonly<Record<string, unknown>>,
  flags: readonly string[],
): void {
  const stray = flags.find(flag => args[flag] !== undefined)
  if (stray !== undefined) throw new UsageError(`--${stray} says nothing of --to ${format}: leave it away.`)
}

/** Exports a tuned model, asks for its task where that is not clear, and tells what was written. */
export async function exportTuned(
  format: ModelFormat,
  args: ExportArguments,
  terminal: Terminal,
): Promise<ExitCode> {
  refuseFlags(format.name, { ...args }, [
    'mixture',
    ...(format.name === 'gguf' ? [] : ['quantisation']),
    ...(format.name === 'merged' ? [] : ['dtype']),
  ])
  const loaded = await loadProject(args.project ?? '.')
  const { id, folder, report } = await findRun(loaded.folder, args.run)
  const { seed } = report!.project
  const request = { arm: args.arm, task: args.task, replicate: readReplicate(args.replicate) }
  const asked = await findOrAsk({ ...request, project: loaded.folder, run: { id, folder, seed } }, terminal)
  const { exportModel } = await import('../run/export-model.ts')
  const progress = showShare(`writing ${format.name}`, terminal)
  const written = await exportModel({
    loaded,
    run: { id, folder, report: report! },
    format,
    ...request,
    task: asked.model.task.name,
    base: args.base,
    dtype: args.dtype ?? 'f32',
    quantisation: args.quantisation ?? 'f16',
    out: args.out === undefined ? undefined : resolve(args.out),
    letLocalDataOut: args['let-local-data-out'] === true,
    signal: terminal.signal,
    progress: progress.show,
  }).finally(progress.stop)
  if (args.json) terminal.out(JSON.stringify(written, null, 2))
  else tell(written, terminal)
  return exitCodes.done
}

function tell(written: WrittenModel, terminal: Terminal): void {
  const { arm, run, task, bytes } = written
  terminal.out(shortPath(written.folder))
  terminal.note(`\nThe model that "${arm}" of run ${run} tuned for ${task}: ${sizeText(bytes)}.`)
  for (const caution of written.cautions) terminal.note(`- ${caution}`)
  terminal.note('\nREADME.md says how it is loaded, and what was measured.')
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`
}

/** Milliseconds between two drawings of a line, and between two lines where nothing can be redrawn. */
const pause = { drawn: 80, plain: 5000 }

/** How far something long has come, on a line of its own, for people alone. */
function showShare(
  what: string,
  { interactive, draw, note }: Terminal,
): { show(share: number): void; stop(): void } {
  let shown = performance.now()
  return {
    show(share) {
      const now = performance.now()
      if (now - shown < (interactive ? pause.drawn : pause.plain)) return
      shown = now
      const line = `${what} ${Math.floor(share * 100)} %`
      if (interactive) draw(`\r\u001B[2K${line}`)
      else note(line)
    },
    stop: () => (interactive ? draw('\r\u001B[2K') : undefined),
  }
}
