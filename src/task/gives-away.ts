import type { TracedRow } from '../data/row.ts'

/**
 * Whether a column predicts the label without a single mistake: each of its values goes with one label and is seen five
 * times on average; for numbers, the labels lie in ranges that do not overlap; or whether there is a value at all tells.
 */
export function givesAway(column: string, rows: readonly TracedRow[], label: string): boolean {
  const pairs = rows.flatMap(({ row }) => {
    const [value, answer] = [row[column] ?? null, row[label] ?? null]
    return answer === null ? [] : [{ value, answer: String(answer) }]
  })
  const labels = new Set(pairs.map(({ answer }) => answer))
  if (labels.size < 2 || pairs.length < 20) return false
  if (isToldByAbsence(pairs)) return true
  const answers = new Map<unknown, string>()
  for (const { value, answer } of pairs) {
    if ((answers.get(value) ?? answer) !== answer) return false
    answers.set(value, answer)
  }
  if (pairs.length / answers.size >= 5) return true
  if (!pairs.every(({ value }) => typeof value === 'number')) return false
  const inOrder = [...answers].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, answer]) => answer)
  return (
    inOrder.filter((answer, index) => index > 0 && answer !== inOrder[index - 1]).length === labels.size - 1
  )
}

/** Whether rows with and without a value never have the same label, as with the salary of those who found work. */
function isToldByAbsence(pairs: readonly { readonly value: unknown; readonly answer: string }[]): boolean {
  const without = new Set(pairs.filter(({ value }) => value === null).map(({ answer }) => answer))
  const present = pairs.filter(({ value }) => value !== null)
  return without.size > 0 && present.length > 0 && present.every(({ answer }) => !without.has(answer))
}
