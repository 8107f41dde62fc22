import type { Example } from '../data/example.ts'

/**
 * Messages as hosted trainers take them: where there are several answers, `weight` keeps all but the last from the loss,
 * unless the example is of a task of which all are learned.
 */
export function weightedMessages({ messages, task }: Example, learnAll: ReadonlySet<string>): unknown {
  const answers = messages.filter(({ role }) => role === 'assistant').length
  if (answers < 2) return { messages }
  const isAll = learnAll.has(task)
  return {
    messages: messages.map((message, index) =>
      message.role === 'assistant'
        ? { ...message, weight: isAll || index === messages.length - 1 ? 1 : 0 }
        : message,
    ),
  }
}
