import { labelsOf } from './labels.ts'
import type { Task } from './task.ts'

/** JSON Schema (2020-12) of a task's answer, as plain data. Throws a UserError for a label task without labels. */
export function answerSchema(task: Task): Readonly<Record<string, unknown>> {
  switch (task.kind) {
    case 'label':
      return { type: 'string', enum: labelsOf(task) }
    case 'number':
      return { type: 'number' }
    case 'text':
    case 'chat':
      return { type: 'string', minLength: 1 }
    case 'fields':
      return {
        type: 'object',
        properties: Object.fromEntries(
          task.fields.map(field => [field, { type: ['string', 'number', 'boolean', 'null'] }]),
        ),
        required: task.fields,
        additionalProperties: false,
      }
  }
}
