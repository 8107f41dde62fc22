import type { Task } from '../../task/task.ts'

/**
 * The one answer that knows nothing of the request: the commonest of these, for `fields` an object of the commonest
 * value of each, for numbers the median. Of equals the first. Throws a RangeError where there is no answer.
 */
export function commonestAnswer(task: Task, answers: readonly string[]): string {
  if (answers.length === 0) throw new RangeError(`the task ${task.name} has no answers`)
  if (task.kind === 'number') {
    const sorted = answers.toSorted((a, b) => Number(a) - Number(b))
    return sorted[Math.floor((sorted.length - 1) / 2)]!
  }
  if (task.kind !== 'fields') return commonest(answers)
  const objects = answers.map(answer => JSON.parse(answer) as Readonly<Record<string, unknown>>)
  return JSON.stringify(
    Object.fromEntries(
      task.fields.map(field => {
        const values = objects.map(object => JSON.stringify(object[field] ?? null))
        return [field, JSON.parse(commonest(values)) as unknown]
      }),
    ),
  )
}

function commonest(texts: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}
