import type { Row, Value } from '../data/row.ts'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { labelsOf } from '../task/labels.ts'
import { parseAnswer } from '../task/parse.ts'
import type { Task } from '../task/task.ts'

/**
 * Reads a reviewer's better answer as the task writes it: a label as it is spelled, a number, an object with the task's
 * fields in their order. `problem` says in plain words why it is none; it quotes the reviewer alone.
 */
export function readBetterAnswer(
  task: Task,
  written: string,
): { readonly text: string } | { readonly problem: string } {
  const parsed = parseAnswer(task, written)
  if (task.kind === 'label' && parsed === null) {
    const labels = labelsOf(task)
    return { problem: `"${written}" is not ${oneOf(labels)}.${didYouMean(written, labels)}` }
  }
  if (task.kind === 'number' && parsed === null) return { problem: `"${written}" holds no single number` }
  if (task.kind !== 'fields') return { text: String(parsed ?? written.trim()) }
  if (parsed === null) {
    return {
      problem: `it is not a flat JSON object like {${task.fields.map(field => `"${field}": …`).join(', ')}}`,
    }
  }
  const given = parsed as Readonly<Record<string, Value>>
  const unknown = Object.keys(given).find(field => !task.fields.includes(field))
  if (unknown !== undefined) {
    return { problem: `"${unknown}" is not a field of the task.${didYouMean(unknown, task.fields)}` }
  }
  const missing = task.fields.find(field => !(field in given))
  if (missing !== undefined)
    return { problem: `the field "${missing}" is not there; write null where it has no value` }
  return { text: JSON.stringify(Object.fromEntries(task.fields.map(field => [field, given[field] ?? null]))) }
}

/**
 * The columns that a better answer changes in the row it was rendered from: those the answer is taken from. Empty where the
 * answer is worded by a template, so that only the example can change.
 */
export function changedColumns(task: Task, text: string): Row {
  switch (task.kind) {
    case 'label':
      return { [task.answer]: text }
    case 'number':
      return { [task.answer]: parseAnswer(task, text) as number }
    case 'fields':
      return parseAnswer(task, text) as Row
    case 'text':
    case 'chat':
      return {}
  }
}
