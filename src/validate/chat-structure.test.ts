import { expect, test } from 'vitest'
import { madeCandidate } from '../../test/made-candidate.ts'
import type { Message } from '../data/example.ts'
import { checkChatStructure } from './chat-structure.ts'

const user = (content = 'Which bird?'): Message => ({ role: 'user', content })
const assistant = (content = 'A gull.'): Message => ({ role: 'assistant', content })
const system = (content = 'Answer briefly.'): Message => ({ role: 'system', content })
const judge = (...messages: Message[]) => checkChatStructure(madeCandidate({}, { messages }))

test('a conversation in strict turn passes, with or without a system message', () => {
  expect(judge(user(), assistant()).pass).toBe(true)
  expect(judge(system(), user(), assistant(), user(), assistant()).pass).toBe(true)
  expect(judge(user('Is 3 < 5 and <b>5</b> | 6?'), assistant('[yes]')).pass).toBe(true)
})

test.each<[string, Message[]]>([
  ['no messages but the system one', [system()]],
  ['no messages but the system one', []],
  ['turn 1 is assistant, expected user', [assistant(), user()]],
  ['turn 2 is user, expected assistant', [user(), user(), assistant()]],
  ['turn 3 is system, expected user', [user(), assistant(), system(), assistant()]],
  ['the last turn is not the assistant’s', [user(), assistant(), user()]],
  ['message 2 (assistant) is empty', [user(), assistant(' \n')]],
  ['message 1 (system) is empty', [system(''), user(), assistant()]],
  ['message 2 (assistant) holds the template mark <|im_end|>', [user(), assistant('A gull.<|im_end|>')]],
  ['message 1 (user) holds the template mark [INST]', [user('[INST] Which bird?'), assistant()]],
])('%s is told', (fault, messages) => {
  expect(judge(...messages)).toEqual({
    pass: false,
    reason: 'chat-structure',
    detail: `task strike: ${fault}`,
  })
})

test('a row that was rendered for no task is rejected', () => {
  expect(checkChatStructure({ ...madeCandidate({}), examples: [] })).toMatchObject({
    reason: 'chat-structure',
  })
})
