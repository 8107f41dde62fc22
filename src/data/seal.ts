import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { UserError } from '../error.ts'
import { PRIVATE, writeFileAtomic } from './file.ts'
import { canonicalJson } from './hash.ts'
import type { TracedRow } from './row.ts'

/** Test rows that only `openSeal` shows. Neither printing nor JSON gives them away. */
export interface SealedSet {
  /** SHA-256 of the rows' canonical JSON, a line each, in order. */
  readonly hash: string
  /** Number of rows. */
  readonly count: number
}

const contents = new WeakMap<SealedSet, readonly TracedRow[]>()

/** Locks rows away under their hash. */
export function sealRows(rows: readonly TracedRow[]): SealedSet {
  const sealed = Object.freeze({ hash: hashRows(rows), count: rows.length })
  contents.set(sealed, structuredClone(rows))
  return sealed
}

/**
 * The rows of a sealed set. For the evaluate step alone; a test of the architecture sees to it.
 * Throws `UserError` where the rows are not those of `expectedHash`.
 */
export function openSeal(sealed: SealedSet, expectedHash: string): readonly TracedRow[] {
  const rows = contents.get(sealed)
  if (rows === undefined)
    throw new TypeError('openSeal: a copy of a sealed set has no rows; pass the set itself')
  if (sealed.hash !== expectedHash || hashRows(rows) !== expectedHash) {
    throw new UserError(
      `The sealed test set has the hash ${sealed.hash.slice(0, 12)}, but ${expectedHash.slice(0, 12)} was sealed`,
      'A figure on other rows cannot be compared: run again from the split.',
    )
  }
  return rows
}

/** Keeps a sealed set in a file that its owner alone can read. */
export async function writeSealed(path: string, sealed: SealedSet): Promise<void> {
  const content: SealedFile = { hash: sealed.hash, rows: openSeal(sealed, sealed.hash) }
  await writeFileAtomic(path, JSON.stringify(content), PRIVATE)
}

/** The sealed set of a file. Throws `UserError` where its rows no longer have its hash. */
export async function readSealed(path: string): Promise<SealedSet> {
  const { hash, rows } = parseSealed(path, await readFile(path, 'utf8'))
  const sealed = sealRows(rows)
  if (sealed.hash !== hash) throw brokenSeal(path)
  return sealed
}

interface SealedFile {
  readonly hash: string
  readonly rows: readonly TracedRow[]
}

function parseSealed(path: string, text: string): SealedFile {
  try {
    const content = JSON.parse(text) as SealedFile
    if (Array.isArray(content.rows)) return content
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw brokenSeal(path)
}

function brokenSeal(path: string): UserError {
  return new UserError(
    `The seal of the test set in ${basename(path)} is broken: its rows are not those that were sealed`,
    'Delete the file and run again from the split; figures on changed test rows mean nothing.',
  )
}

function hashRows(rows: readonly TracedRow[]): string {
  const hash = createHash('sha256')
  for (const row of rows) hash.update(`${canonicalJson(row)}\n`)
  return hash.digest('hex')
}
