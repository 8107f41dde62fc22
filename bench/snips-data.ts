// The requests of snips (sonos/nlu-benchmark, CC0), as the benches read them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TracedRow } from '../src/data/row.ts'
import { writeSpans } from '../src/generate/rules/seeds/spans.ts'

const folder = join(process.cwd(), '..', 'shared', 'data', 'snips')

export const snipsIntents = [
  'AddToPlaylist',
  'BookRestaurant',
  'GetWeather',
  'PlayMusic',
  'RateBook',
  'SearchCreativeWork',
  'SearchScreeningEvent',
] as const

/** Whether the data are there; where not, says so under the name of the bench. */
export function hasSnips(bench: string): boolean {
  if (existsSync(folder)) return true
  console.log(`${bench}: skipped, the data folder ../shared/data/snips is missing`)
  return false
}

/** The requests of an intent: `intent`, `text`, and the slots as JSON `spans`. */
export function readSnips(part: 'train' | 'validate', intent: string): readonly TracedRow[] {
  const file = `${part}_${intent}.json`
  const data = JSON.parse(decodeLines(readFileSync(join(folder, file)), file)) as Record<
    string,
    { data: { text: string; entity?: string }[] }[]
  >
  return data[intent]!.map(({ data: parts }, index): TracedRow => {
    const segments = parts.map(({ text, entity }) => ({ text, slot: entity ?? null }))
    const id = `${file}:${index + 1}`
    return {
      id,
      group: id,
      row: { intent, text: segments.map(({ text }) => text).join(''), spans: writeSpans(segments) },
      origin: {
        kind: 'real',
        source: file,
        number: index + 1,
        use: part === 'train' ? 'train' : 'test',
        share: 'anyone',
      },
    }
  })
}

/** Lines that are not UTF-8 are read as Latin-1. */
function decodeLines(bytes: Buffer, file: string): string {
  const lines: string[] = []
  let other = 0
  for (let start = 0; start <= bytes.length;) {
    const end = bytes.indexOf(10, start)
    const line = bytes.subarray(start, end < 0 ? bytes.length : end)
    try {
      lines.push(new TextDecoder('utf-8', { fatal: true }).decode(line))
    } catch {
      lines.push(line.toString('latin1'))
      other++
    }
    start = end < 0 ? bytes.length + 1 : end + 1
  }
  if (other > 0) console.log(`${file}: ${other} lines are not UTF-8 and were read as Latin-1`)
  return lines.join('\n')
}
