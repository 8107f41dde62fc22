import { appendFileSync } from 'node:fs'
import path from 'node:path'

/** What happened to a step, in order; appended as it happens, so that a killed run leaves its story. */
export interface JournalEntry {
  readonly at: string
  readonly step: string
  readonly state: 'start' | 'done' | 'skipped' | 'failed'
  readonly key: string
  readonly detail?: string
}

/** Appends entries to `journal.jsonl` of a run folder. */
export function openJournal(runFolder: string): (entry: Omit<JournalEntry, 'at'>) => void {
  const file = path.join(runFolder, 'journal.jsonl')
  return entry => {
    appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`)
  }
}
