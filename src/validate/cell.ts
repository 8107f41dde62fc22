import type { Candidate } from './candidate.ts'
import { passed, rejected, type Verdict } from './verdict.ts'

/** Whether a synthetic row has the attributes of the cell it was asked for. */
export function checkCell({ traced, examples }: Candidate): Verdict {
  if (traced.origin.kind !== 'synthetic') return passed
  for (const [name, wanted] of Object.entries(traced.origin.cell)) {
    const held = name in traced.row ? [traced.row[name]] : examples.map(example => example.attributes[name])
    if (held.length === 0 || held.some(value => value !== wanted)) {
      return rejected(
        'cell',
        `asked for ${name} = ${String(wanted)}, got ${held.map(String).join(', ') || 'nothing'}`,
      )
    }
  }
  return passed
}
