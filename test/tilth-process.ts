import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export interface Ended {
  readonly code: number | null
  /** Standard output and standard error. */
  readonly out: string
  readonly err: string
}

const main = resolve('src/cli/main.ts')

/** Runs the command line as a process of its own, off a terminal. */
export async function runTilth(folder: string, ...raw: readonly string[]): Promise<Ended> {
  return (await startTilth(folder, ...raw)).ended
}

/** Starts the command line; `ended` waits for it. */
export async function startTilth(
  folder: string,
  ...raw: readonly string[]
): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
  const child = spawn(process.execPath, [main, ...raw], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<Ended>((done, fail) => {
    child.on('error', fail)
    child.on('close', code => done({ code, out, err }))
  })
  return { child, ended }
}

/** A temporary folder with these files in it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tilth-test-')))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** A small table with a label that follows from two of its columns, most of the time. */
export function fieldReports(rows: number): string {
  const lines = ['plot,soil,rain,height,crop,yield']
  for (let row = 0; row < rows; row++) {
    const soil = ['clay', 'sand', 'loam'][row % 3]!
    const rain = (row * 37) % 100
    const crop = ['rye', 'oat'][Math.floor(row / 3) % 2]!
    const isGood = (soil === 'loam') !== (row % 11 === 0) || rain > 80
    lines.push(
      `plot-${row},${soil},${rain},${((row * 7919) % 1000) / 10},${crop},${isGood ? 'good' : 'poor'}`,
    )
  }
  return `${lines.join('\n')}\n`
}
