import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Remembers how long each result took to make, by key: kept apart from results and reports, which hold no times. */
export function appendTiming(tilthFolder: string, key: string, seconds: number): void {
  appendFileSync(
    path.join(tilthFolder, 'timings.jsonl'),
    `${JSON.stringify({ key, seconds: Math.max(0, seconds) })}\n`,
  )
}

/** Seconds by key. A last line cut short by a killed process is passed over, and so is a time below zero. */
export function readTimings(tilthFolder: string): ReadonlyMap<string, number> {
  const file = path.join(tilthFolder, 'timings.jsonl')
  const timings = new Map<string, number>()
  if (!existsSync(file)) return timings
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      const { key, seconds } = JSON.parse(line) as { key: string; seconds: number }
      if (seconds >= 0) timings.set(key, seconds)
    } catch {
      continue
    }
  }
  return timings
}
