import type { Message } from './example.ts'
import type { Row } from './row.ts'

export interface ChatRow {
  /** `messages` (JSON text of the conversation), `prompt` (the user turn answered last), `response` (that answer). */
  readonly row: Row
  /** Members of the record that it was made from. */
  readonly used: ReadonlySet<string>
}

const roles: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
}

/**
 * The conversation of a record in one of four shapes: `messages` (OpenAI), `conversations` (ShareGPT),
 * `instruction`/`input`/`output` (Alpaca, with `system` and `history`), `prompt`/`completion` as text or messages (TRL).
 * Undefined for any other record; text that says what is wrong for a conversation that cannot be learned from.
 */
export function chatRow(record: Readonly<Record<string, unknown>>): ChatRow | string | undefined {
  const turns = turnsOf(record)
  if (turns === undefined) return undefined
  const messages: Message[] = []
  for (const [index, turn] of turns.list.entries()) {
    const message = toMessage(turn)
    if (typeof message === 'string') return `in ${turns.used[0]}, turn ${index + 1}: ${message}`
    messages.push(message)
  }
  const last = messages.at(-1)
  const prompt = messages.findLast(message => message.role === 'user')
  if (last === undefined) return `${turns.used[0]} holds no turn`
  if (last.role !== 'assistant')
    return `the conversation ends with a ${last.role} turn, so there is no answer to learn`
  if (prompt === undefined) return 'the conversation has no user turn'
  return {
    row: { messages: JSON.stringify(messages), prompt: prompt.content, response: last.content },
    used: new Set(turns.used),
  }
}

interface Turns {
  readonly list: readonly unknown[]
  readonly used: readonly string[]
}

function turnsOf(record: Readonly<Record<string, unknown>>): Turns | undefined {
  const { messages, conversations, instruction, output, prompt, completion } = record
  for (const [name, list] of Object.entries({ messages, conversations })) {
    if (!Array.isArray(list)) continue
    const system = conversations === list ? systemTurn(record) : []
    return { list: [...system, ...list], used: [name, ...(system.length > 0 ? ['system'] : [])] }
  }
  if (typeof instruction === 'string' && typeof output === 'string') return alpacaTurns(record)
  if (typeof prompt === 'string' && typeof completion === 'string') {
    const list = [
      { role: 'user', content: prompt },
      { role: 'assistant', content: completion },
    ]
    return { list, used: ['prompt', 'completion'] }
  }
  if (Array.isArray(prompt) && Array.isArray(completion)) {
    return { list: [...prompt, ...completion], used: ['prompt', 'completion'] }
  }
  return undefined
}

function alpacaTurns(record: Readonly<Record<string, unknown>>): Turns {
  const { instruction, input, output, history } = record
  const system = systemTurn(record)
  const earlier = Array.isArray(history) && history.every(pair => Array.isArray(pair)) ? history : undefined
  const list = [
    ...system,
    ...(earlier ?? []).flatMap((pair: readonly unknown[]) => [
      { role: 'user', content: pair[0] },
      { role: 'assistant', content: pair[1] },
    ]),
    {
      role: 'user',
      content: typeof input === 'string' && input !== '' ? `${String(instruction)}\n\n${input}` : instruction,
    },
    { role: 'assistant', content: output },
  ]
  const used = ['instruction', 'output']
  if (input === null || typeof input === 'string') used.push('input')
  if (system.length > 0) used.push('system')
  if (earlier !== undefined) used.push('history')
  return { list, used }
}

function systemTurn({ system }: Readonly<Record<string, unknown>>): readonly unknown[] {
  return typeof system === 'string' && system !== '' ? [{ role: 'system', content: system }] : []
}

function toMessage(turn: unknown): Message | string {
  if (typeof turn !== 'object' || turn === null) return 'it is not an object with a role and a content'
  const { role, from, content, value } = turn as Readonly<Record<string, unknown>>
  const name = role ?? from
  if (typeof name !== 'string') return 'it has no role'
  const known = Object.hasOwn(roles, name) ? roles[name] : undefined
  if (known === undefined) {
    const shown = /^\w{1,20}$/.test(name) ? `its role is ${name}` : 'its role is unknown'
    return `${shown}; known are ${Object.keys(roles).join(', ')}`
  }
  const text = textOf(content ?? value)
  if (text === undefined) return 'its content is not text'
  return { role: known, content: text }
}

/** Text as it is, or the text parts of a list of parts joined; undefined where a part is not text. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return undefined
  const parts = content.map((part: { type?: unknown; text?: unknown } | null) => part?.text)
  return parts.every(part => typeof part === 'string') ? parts.join('') : undefined
}
