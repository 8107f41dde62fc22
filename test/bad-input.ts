/** What the tests of bad input share: a project with a finished run, and the command line run on a copy of it. */
import { createHash } from 'node:crypto'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { startCommandLine } from '../src/cli/start.ts'
import { type Ended, fieldReports } from './tilth-process.ts'

/** The project that is broken in one place by each case. */
export const goodProject = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['Soil {{ soil }}, rain {{ rain }}, crop {{ crop }}: which yield?']
attributes: [yield]
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
evaluate: { repeats: 1, folds: 3 }
`

export interface BadCase {
  /** In plain words what is wrong. */
  readonly name: string
  /** Files that are put over those of the good project; null takes one away. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>
  readonly command: readonly string[]
  readonly code: number
  /** What is printed, line breaks aside. */
  readonly says: readonly (string | RegExp)[]
  /** What is not. */
  readonly saysNot?: readonly (string | RegExp)[]
  readonly also?: (folder: string, ended: Ended) => void | Promise<void>
}

/** Folders for the cases of one test file: copies of a project that has a finished run. */
export function badInputFolders(): { copyOfGood(): string; empty(): string } {
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'tilth-bad-')))
  const good = path.join(home, 'good')
  let copies = 0
  const next = (): string => path.join(home, `case-${++copies}`)
  beforeAll(async () => {
    mkdirSync(good)
    writeFiles(good, { 'tilth.yaml': goodProject, 'reports.csv': fieldReports(60) })
    const { code, err } = await runHere(good, 'run')
    expect(err).not.toContain('✗')
    expect(code).toBe(0)
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))
  return {
    copyOfGood() {
      const folder = next()
      cpSync(good, folder, { recursive: true, preserveTimestamps: true })
      return folder
    },
    empty() {
      const folder = next()
      mkdirSync(folder)
      return folder
    },
  }
}

/** Runs a case on a copy of the good project: its exit code, what it says, no stack, and nothing lost. */
export async function expectCase(folder: string, given: BadCase): Promise<void> {
  writeFiles(folder, given.files)
  const before = snapshot(folder)
  const ended = await runHere(folder, ...given.command)
  expectEnded(ended, given)
  expectNothingLost(before, snapshot(folder))
  await given.also?.(folder, ended)
}

/** The exit code and the words of a case, and no stack. */
export function expectEnded(
  { code, out, err }: Ended,
  given: Pick<BadCase, 'code' | 'says' | 'saysNot'>,
): void {
  const text = `${out}\n${err}`.replaceAll(/\s+/g, ' ')
  for (const words of given.says) {
    if (typeof words === 'string') expect(text).toContain(words)
    else expect(text).toMatch(words)
  }
  for (const words of given.saysNot ?? []) {
    if (typeof words === 'string') expect(text).not.toContain(words)
    else expect(text).not.toMatch(words)
  }
  expect(`${out}\n${err}`).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  expect(code, text).toBe(given.code)
  if (given.code === 1) expect(text).toContain('✗')
}

export function writeFiles(folder: string, files: BadCase['files']): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    if (content === null) rmSync(file, { recursive: true, force: true })
    else {
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  }
}

/** Every file of a folder: its content and who may read it. */
export type Snapshot = ReadonlyMap<string, { readonly mode: number; readonly content: Buffer }>

export function snapshot(folder: string): Snapshot {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  return new Map(
    files.flatMap(name => {
      const file = path.join(folder, name)
      const found = lstatSync(file)
      return found.isFile() ? [[name, { mode: found.mode, content: readFileSync(file) }] as const] : []
    }),
  )
}

/** Logs that are only ever added to; so is the list of looks, which is written anew. */
const grows = /(?:journal|timings)\.jsonl$/

/** Every file that was there is there, with the content and the rights that it had; the logs may have grown. */
export function expectNothingLost(before: Snapshot, after: Snapshot): void {
  for (const [name, { mode, content }] of before) {
    const found = after.get(name)
    expect(found, `${name} is gone`).toBeDefined()
    expect(found!.mode, `rights of ${name}`).toBe(mode)
    if (/[/\\]looks[/\\]/.test(name)) {
      expect(found!.content.toString()).toContain(content.toString().replace(/\s*\]\s*$/, ''))
      continue
    }
    const kept = grows.test(name) ? found!.content.subarray(0, content.length) : found!.content
    expect(hashOf(kept), `${name} is changed`).toBe(hashOf(content))
  }
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Runs the real command line in this process, off a terminal, and gives back what it printed. One at a time. */
export async function runHere(folder: string, ...raw: readonly string[]): Promise<Ended> {
  const [cwd, code] = [process.cwd(), process.exitCode]
  const printed = { out: '', err: '' }
  const { stdout, stderr } = process
  const [writeOut, writeErr] = [stdout.write, stderr.write]
  const known = stdout.listeners('error')
  const temporary = process.env['TMPDIR']
  process.chdir(folder)
  process.env['TMPDIR'] = folder
  stdout.write = text => ((printed.out += String(text)), true)
  stderr.write = text => ((printed.err += String(text)), true)
  try {
    await startCommandLine(raw)
    return { code: Number(process.exitCode), ...printed }
  } finally {
    stdout.write = writeOut
    stderr.write = writeErr
    for (const listener of stdout.listeners('error'))
      if (!known.includes(listener)) stdout.off('error', listener as () => void)
    process.chdir(cwd)
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
    process.exitCode = code
  }
}
