import type { Example } from '../data/example.ts'

/** Messages as hosted trainers take them: where there are several answers, `weight` keeps all but the last from the loss. */
export function weightedMessages({ messages }: Example): unknown {
  const answers = messages.filter(({ role }) => role === 'assistant').length
  if (answers < 2) return { messages }
  return {
    messages: messages.map((message, index) =>
      message.role === 'assistant' ? { ...message, weight: index === messages.length - 1 ? 1 : 0 } : message,
    ),
  }
}
