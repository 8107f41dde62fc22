import type { Example } from '../data/example.ts'
import type { Row } from '../data/row.ts'
import { labelsOf } from '../task/labels.ts'
import { parseAnswer } from '../task/parse.ts'
import type { Task } from '../task/task.ts'
import type { Check } from './candidate.ts'
import { passed, rejected } from './verdict.ts'

/**
 * Whether every answer is one that its task allows, and for a label task the one that the row holds.
 * Throws a UserError for a label task without labels.
 */
export function createAnswerCheck(tasks: readonly Task[]): Check {
  for (const task of tasks) if (task.kind === 'label') labelsOf(task)
  const byName = new Map(tasks.map(task => [task.name, task]))
  return ({ traced, examples }) => {
    for (const example of examples) {
      const task = byName.get(example.task)
      const fault = task === undefined ? 'it is not among the tasks' : answerFault(task, example, traced.row)
      if (fault !== undefined) return rejected('answer-schema', `task ${example.task}: ${fault}`)
    }
    return passed
  }
}

function answerFault(task: Task, example: Example, row: Row): string | undefined {
  const answer = parseAnswer(task, example.messages.at(-1)?.content ?? '')
  if (answer === null) return `the answer is no ${answerNoun[task.kind]}`
  if (task.kind === 'label' && task.answer in row && String(row[task.answer]) !== answer) {
    return `the answer says ${String(answer)}, the row ${String(row[task.answer])}`
  }
  if (task.kind === 'fields' && typeof answer === 'object')
    return fieldsFault(task.fields, Object.keys(answer))
  return undefined
}

const answerNoun = {
  label: 'label of the task',
  fields: 'flat JSON object',
  number: 'single number',
  text: 'text',
  chat: 'text',
} as const

function fieldsFault(wanted: readonly string[], given: readonly string[]): string | undefined {
  const missing = wanted.filter(field => !given.includes(field))
  if (missing.length > 0) return `the answer lacks ${missing.join(', ')}`
  const unknown = given.filter(field => !wanted.includes(field))
  return unknown.length > 0 ? `the answer has the unknown ${unknown.join(', ')}` : undefined
}
