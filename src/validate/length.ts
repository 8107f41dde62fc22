import type { Check } from './candidate.ts'
import { passed, rejected } from './verdict.ts'

/** Whether every answer has between `minimum` and `maximum` characters (Unicode code points, both included). */
export function createLengthCheck({ minimum, maximum }: { minimum: number; maximum: number }): Check {
  return ({ examples }) => {
    for (const example of examples) {
      for (const message of example.messages) {
        if (message.role !== 'assistant') continue
        const length = characters(message.content)
        if (length < minimum)
          return rejected('too-short', `answer of ${length} characters, fewest ${minimum}`)
        if (length > maximum) return rejected('too-long', `answer of ${length} characters, most ${maximum}`)
      }
    }
    return passed
  }
}

function characters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
