import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from '../../src/data/hash.ts'

/** What a peer printed as JSON, or why there is no figure of it. */
export type PeerResult =
  | { readonly ran: true; readonly output: unknown }
  | { readonly ran: false; readonly reason: string }

/**
 * Runs a script of bench/peers in a Python environment with the pinned requirements, made at the first call under
 * node_modules/.cache. The script reads `input` as JSON from standard input and prints JSON.
 */
export function runPeer(script: string, input: unknown): PeerResult {
  const environment = peerPython('requirements.txt')
  if ('reason' in environment) return { ran: false, reason: environment.reason }
  const run = spawnSync(environment.python, [join(import.meta.dirname, script)], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (run.status !== 0) return { ran: false, reason: `${script} failed: ${lastLine(run.stderr)}` }
  return { ran: true, output: JSON.parse(run.stdout) }
}

/**
 * The interpreter of an environment with these requirements, or why there is none. TILTH_PYTHON names one that has them
 * already.
 */
export function peerPython(file: string): { readonly python: string } | { readonly reason: string } {
  const given = process.env['TILTH_PYTHON']
  if (given !== undefined) return { python: given }
  const requirements = join(import.meta.dirname, file)
  const name = `peers-${hashOf(readFileSync(requirements, 'utf8')).slice(0, 12)}`
  const environment = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', name)
  const python = join(environment, 'bin', 'python')
  const reason = existsSync(python) ? undefined : makeEnvironment(environment, requirements)
  return reason === undefined ? { python } : { reason }
}

/** Makes it under another name first, so that a broken installation is never taken for a whole one. */
function makeEnvironment(environment: string, requirements: string): string | undefined {
  const unfinished = `${environment}-${process.pid}`
  const python = join(unfinished, 'bin', 'python')
  for (const [command, ...rest] of [
    ['python3', '-m', 'venv', unfinished],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
  ] as const) {
    const run = spawnSync(command, rest, { encoding: 'utf8' })
    if (run.status !== 0) {
      rmSync(unfinished, { recursive: true, force: true })
      return run.error?.message ?? lastLine(run.stderr)
    }
  }
  renameSync(unfinished, environment)
  return undefined
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
