/** Parts of a project as it was written: whatever is not there or of another shape is empty. */
export type Group = Readonly<Record<string, unknown>>

export function group(value: unknown): Group {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Group) : {}
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function groups(value: unknown): readonly (readonly [string, Group])[] {
  return Object.entries(group(value)).map(([name, inner]) => [name, group(inner)] as const)
}
