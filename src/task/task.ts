import { z } from 'zod'

const template = z.string().min(1)

/** A way to ask: Jinja over the row's columns. `response` overrides the task's for this wording alone. */
const prompt = z.union([
  template.transform(text => ({ prompt: text })),
  z.strictObject({ prompt: template, response: template.optional() }),
])

const shared = {
  /** Wordings of the request. Split as rows are: the held-out ones are seen by the sealed test alone. */
  prompts: z.array(prompt).min(1),
  /** Wordings kept for dev and test. Left out, a third of `prompts` (at least one, where there are two) is held out by seed. */
  heldOut: z.array(prompt).optional(),
  system: template.optional(),
}

/** One of a known set of answers. */
const labelTask = z.strictObject({
  kind: z.literal('label'),
  ...shared,
  /** The column that holds the answer. */
  answer: z.string(),
  /** The labels in report order; left out, those seen in the real training rows. */
  labels: z.array(z.string()).min(2).optional(),
  metric: z.enum(['macro-f1', 'accuracy']).default('macro-f1'),
})

/** A JSON object of named facts. */
const fieldsTask = z.strictObject({
  kind: z.literal('fields'),
  ...shared,
  /** The columns whose values are the answer, in answer order. */
  fields: z.array(z.string()).min(1),
  metric: z.enum(['field-f1', 'exact-match']).default('field-f1'),
})

/** Free text. */
const textTask = z.strictObject({
  kind: z.literal('text'),
  ...shared,
  /** Jinja template of the answer; each prompt may bring its own instead. */
  response: template.optional(),
  metric: z.enum(['exact-match', 'token-f1', 'chrf', 'rouge-l']).default('token-f1'),
})

/** A number. */
const numberTask = z.strictObject({
  kind: z.literal('number'),
  ...shared,
  answer: z.string(),
  metric: z.enum(['mean-absolute-error']).default('mean-absolute-error'),
})

/** Conversations taken as they are, from the `messages` column of a chat source. */
const chatTask = z.strictObject({
  kind: z.literal('chat'),
  /** Which of the assistant's turns are learned. */
  learn: z.enum(['last', 'all']).default('last'),
  metric: z.enum(['exact-match', 'token-f1', 'chrf', 'rouge-l']).default('token-f1'),
})

/** The schema of one task of the project file. */
export const taskSchema = z.discriminatedUnion('kind', [
  labelTask,
  fieldsTask,
  textTask,
  numberTask,
  chatTask,
])

export type TaskDefinition = z.output<typeof taskSchema>

/** What is learned: a definition under its name. Everything pivots on it: rendering, verdicts, scoring, export. */
export type Task = TaskDefinition & { readonly name: string }

/** Which of the assistant's turns are learned of the examples of a task. Only conversations have several. */
export function learnedTurns(task: TaskDefinition | undefined): 'last' | 'all' {
  return task?.kind === 'chat' ? task.learn : 'last'
}
