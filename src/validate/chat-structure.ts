import type { Message } from '../data/example.ts'
import type { Candidate } from './candidate.ts'
import { passed, rejected, type Verdict } from './verdict.ts'

/** Marks by which chat templates part turns: inside a turn they would forge another. */
const turnMark = /<\|[a-z_]+\|>|<\/?(?:start|end)_of_turn>|\[\/?INST\]|<<\/?SYS>>|<\/s>/i

/**
 * Whether every example is a conversation that every trainer takes: an optional system message, then user and
 * assistant in strict turn, ending with the assistant, nothing empty and no marks of a chat template inside.
 */
export function checkChatStructure({ examples }: Candidate): Verdict {
  if (examples.length === 0) return rejected('chat-structure', 'the row was rendered for no task')
  for (const example of examples) {
    const fault = structureFault(example.messages)
    if (fault !== undefined) return rejected('chat-structure', `task ${example.task}: ${fault}`)
  }
  return passed
}

function structureFault(messages: readonly Message[]): string | undefined {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages
  if (turns.length === 0) return 'no messages but the system one'
  for (const [index, message] of turns.entries()) {
    const expected = index % 2 === 0 ? 'user' : 'assistant'
    if (message.role !== expected) return `turn ${index + 1} is ${message.role}, expected ${expected}`
  }
  if (turns.length % 2 === 1) return 'the last turn is not the assistant’s'
  for (const [index, message] of messages.entries()) {
    if (message.content.trim() === '') return `message ${index + 1} (${message.role}) is empty`
    const mark = turnMark.exec(message.content)
    if (mark !== null) return `message ${index + 1} (${message.role}) holds the template mark ${mark[0]}`
  }
  return undefined
}
