import type { Attributes, Example, Message } from '../data/example.ts'
import type { Random } from '../data/random.ts'
import type { Row, TracedRow, Value } from '../data/row.ts'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import type { Task, TaskDefinition } from './task.ts'
import { compileTemplate, renderTemplate } from './template.ts'

/** One way to ask, and the answer's template where the wording brings its own. */
interface Wording {
  readonly prompt: string
  readonly response?: string | undefined
}

/** Wordings of the two sides. They are the same list only where a task has a single wording. */
interface Wordings {
  readonly train: readonly Wording[]
  readonly heldOut: readonly Wording[]
}

/** A task whose labels are known and whose wordings are parted. A chat task has none. */
export type ResolvedTask = Task & { readonly wordings: Wordings }

/** `train`: wordings that may be learned and shown to generators. `held-out`: those that dev and test alone use. */
export type Side = 'train' | 'held-out'

/**
 * Fills in what a definition leaves open: labels are those of the real training rows, in alphabetical order, and without
 * declared `heldOut` wordings a third is held out, drawn by `random`. Throws a UserError for a column that the rows do not
 * have, a template that cannot be read, or a text task without an answer.
 */
export function resolveTask(
  name: string,
  definition: TaskDefinition,
  given: { readonly rows: readonly TracedRow[]; readonly random: Random },
): ResolvedTask {
  const rows = given.rows.map(traced => traced.row)
  checkAnswerColumns(name, definition, rows[0])
  const wordings =
    definition.kind === 'chat'
      ? { train: [], heldOut: [] }
      : partWordings(definition, given.random.stream(name))
  checkTemplates(name, definition, wordings)
  if (definition.kind !== 'label') return { ...definition, name, wordings }
  return {
    ...definition,
    name,
    wordings,
    labels: definition.labels ?? observedLabels(name, definition.answer, rows),
  }
}

/**
 * The example of a row, or null where the row does not hold the answer. The wording follows from the row's id and the task
 * alone; of a text task's wordings it is one whose answer the row holds. All examples of a row share its group.
 * `attributes` names the columns that the example carries as attributes.
 */
export function renderExample(
  task: ResolvedTask,
  traced: TracedRow,
  how: { readonly side: Side; readonly attributes: readonly string[]; readonly random: Random },
): Example | null {
  const messages =
    task.kind === 'chat' ? conversationOf(task, traced) : askAndAnswer(task, traced, how.side, how.random)
  if (messages === null) return null
  return {
    id: `${traced.id}/${task.name}`,
    group: traced.group,
    task: task.name,
    messages,
    attributes: attributesOf(traced.row, how.attributes),
    weight: 1,
    origin: traced.origin,
  }
}

function askAndAnswer(
  task: Exclude<ResolvedTask, { kind: 'chat' }>,
  traced: TracedRow,
  side: Side,
  random: Random,
): readonly Message[] | null {
  const wordings = side === 'train' ? task.wordings.train : task.wordings.heldOut
  for (const wording of random.stream(`wording/${task.name}/${traced.id}`).shuffle(wordings)) {
    const answer = answerOf(task, wording, traced.row)
    if (answer === null) continue
    const system: Message[] =
      task.system === undefined ? [] : [{ role: 'system', content: renderTemplate(task.system, traced.row) }]
    return [
      ...system,
      { role: 'user', content: renderTemplate(wording.prompt, traced.row) },
      { role: 'assistant', content: answer },
    ]
  }
  return null
}

function answerOf(task: Exclude<ResolvedTask, { kind: 'chat' }>, wording: Wording, row: Row): string | null {
  const template = wording.response ?? (task.kind === 'text' ? task.response : undefined)
  if (template !== undefined) {
    if (compileTemplate(template).printed.some(column => row[column] === null)) return null
    return renderTemplate(template, row).trim() || null
  }
  if (task.kind === 'label' || task.kind === 'number') return textOf(row[task.answer] ?? null)
  if (task.kind === 'text') return null
  const facts = task.fields.map(field => [field, row[field] ?? null] as const)
  return facts.every(([, value]) => value === null) ? null : JSON.stringify(Object.fromEntries(facts))
}

function textOf(value: Value): string | null {
  return value === null || value === '' ? null : String(value)
}

function conversationOf(task: Task, traced: TracedRow): readonly Message[] | null {
  const text = traced.row['messages'] ?? null
  if (text === null) return null
  try {
    const messages = JSON.parse(String(text)) as readonly Message[]
    const turns = messages.map(({ role, content }) => ({ role, content }))
    return turns.at(-1)?.role === 'assistant' && turns.at(-1)!.content !== '' ? turns : null
  } catch (error) {
    throw new UserError(
      `The messages of ${traced.id} cannot be read as a conversation for the task ${task.name}.`,
      'The column messages holds a JSON list of {"role", "content"}.',
      { cause: error },
    )
  }
}

function attributesOf(row: Row, names: readonly string[]): Attributes {
  return Object.fromEntries(names.map(name => [name, row[name] ?? null]))
}

function partWordings(definition: Exclude<TaskDefinition, { kind: 'chat' }>, random: Random): Wordings {
  const { prompts, heldOut } = definition
  if (heldOut !== undefined && heldOut.length > 0) return { train: prompts, heldOut }
  if (prompts.length === 1) return { train: prompts, heldOut: prompts }
  const count = Math.max(1, Math.floor(prompts.length / 3))
  const held = new Set(
    random
      .stream('held-out wordings')
      .shuffle([...prompts.keys()])
      .slice(0, count),
  )
  return {
    train: prompts.filter((_, index) => !held.has(index)),
    heldOut: prompts.filter((_, index) => held.has(index)),
  }
}

function checkTemplates(name: string, definition: TaskDefinition, wordings: Wordings): void {
  if (definition.kind === 'chat') return
  if (definition.system !== undefined) compileTemplate(definition.system)
  for (const wording of [...wordings.train, ...wordings.heldOut]) {
    compileTemplate(wording.prompt)
    const response = wording.response ?? (definition.kind === 'text' ? definition.response : undefined)
    if (response !== undefined) compileTemplate(response)
    else if (definition.kind === 'text') {
      throw new UserError(
        `The task ${name} has no answer to the prompt "${wording.prompt}".`,
        'Give the task a `response` template, or this prompt its own.',
      )
    }
  }
}

function checkAnswerColumns(name: string, definition: TaskDefinition, row: Row | undefined): void {
  if (row === undefined) {
    throw new UserError(
      `The task ${name} has no real training rows.`,
      'Check the sources with `use: train` and their `where`.',
    )
  }
  const available = Object.keys(row)
  for (const column of answerColumns(definition)) {
    if (row[column] !== undefined) continue
    throw new UserError(
      `The task ${name} takes its answer from "${column}", which is no column.${didYouMean(column, available)}`,
      `The columns are ${available.join(', ')}.`,
    )
  }
}

function answerColumns(definition: TaskDefinition): readonly string[] {
  switch (definition.kind) {
    case 'label':
    case 'number':
      return [definition.answer]
    case 'fields':
      return definition.fields
    case 'chat':
      return ['messages']
    case 'text':
      return []
  }
}

function observedLabels(name: string, answer: string, rows: readonly Row[]): string[] {
  const labels = [
    ...new Set(rows.map(row => textOf(row[answer] ?? null)).filter(label => label !== null)),
  ].sort()
  if (labels.length < 2) {
    throw new UserError(
      `The task ${name} has ${labels.length === 0 ? 'no label' : `only the label "${labels[0]}"`} in the real training rows.`,
      `Declare its \`labels\`, or bring rows with at least two values of "${answer}".`,
    )
  }
  return labels
}
