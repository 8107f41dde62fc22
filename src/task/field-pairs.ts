/** A value at its path in a JSON object: `["address.city", "berlin"]`. Items of a list share its path. */
export type FieldPair = readonly [path: string, value: string]

/**
 * The pairs of path and value of a JSON object, alone or in a Markdown code fence; null where there is none. Objects are
 * gone into, lists too, whose order counts for nothing; missing values are left out. Texts are plain but for case and blanks,
 * and a text that is a number is that number: `"120.0"` is 120.
 */
export function fieldPairs(text: string): readonly FieldPair[] | null {
  const fenced = /^\s*```(?:json)?\s*\n?(.*?)\n?\s*```\s*$/su.exec(text)
  let parsed: unknown
  try {
    parsed = JSON.parse(fenced?.[1] ?? text)
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  return pairsOf(parsed, '')
}

function pairsOf(value: unknown, path: string): readonly FieldPair[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap(item => pairsOf(item, path))
  if (typeof value !== 'object') return [[path, plainValue(value as string | number | boolean)]]
  return Object.entries(value).flatMap(([name, inner]) =>
    pairsOf(inner, path === '' ? name : `${path}.${name}`),
  )
}

/** Longer ones are names that happen to be digits, and no number could hold them; as are those that begin with 0. */
const mostDigits = 15
const number = /^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,2})?$/u

function plainValue(value: string | number | boolean): string {
  const text = String(value).trim().toLowerCase().replaceAll(/\s+/gu, ' ')
  return text.length <= mostDigits && number.test(text) ? String(Number(text)) : text
}
