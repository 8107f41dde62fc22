import type { Example } from '../data/example.ts'

/** The answer that an example teaches, its last assistant turn; empty where it has none. */
export function answerOf({ messages }: Example): string {
  return messages.findLast(({ role }) => role === 'assistant')?.content.trim() ?? ''
}
