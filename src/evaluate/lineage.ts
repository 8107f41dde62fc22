import type { Example } from '../data/example.ts'
import type { TracedRow } from '../data/row.ts'

export interface Lineage {
  readonly training: readonly Pick<Example, 'id' | 'group' | 'origin'>[]
  /** By hash of a fitted model, the ids of the rows it was fitted on. */
  readonly fittedRows: ReadonlyMap<string, readonly string[]>
  /** The group of every real row that anything was trained or fitted on, by id. */
  readonly groupOf: ReadonlyMap<string, string>
  readonly heldOut: readonly TracedRow[]
}

/**
 * Proves from lineage that nothing trained on descends from what is scored on. Throws an Error naming the first leak:
 * a training example, a row it was made from, or a row its generator was fitted on that is a held-out row or shares a
 * group with one; and where the proof has a hole, because a fitted model or a row is unknown.
 */
export function assertNoLeak({ training, fittedRows, groupOf, heldOut }: Lineage): void {
  const ids = new Set(heldOut.flatMap(row => [row.id, ...realName(row)]))
  const groups = new Set(heldOut.map(({ group }) => group))
  const checkRow = (id: string, role: string): void => {
    if (ids.has(id)) throw new Error(`leak: ${role} row ${id}, which is held out`)
    const group = groupOf.get(id)
    if (group === undefined)
      throw new Error(`leak not ruled out: ${role} row ${id}, whose group is not known`)
    if (groups.has(group)) throw new Error(`leak: ${role} row ${id} of group ${group}, which is held out`)
  }

  for (const [hash, rows] of fittedRows) for (const id of rows) checkRow(id, `model ${hash} was fitted on`)
  for (const example of training) {
    const { id, group, origin } = example
    const name = realName(example)[0] ?? id
    if (ids.has(name)) throw new Error(`leak: training example ${id} is held-out row ${name}`)
    if (groups.has(group))
      throw new Error(`leak: training example ${id} is of group ${group}, which is held out`)
    if (origin.kind === 'real') continue
    if (origin.fitted !== null && !fittedRows.has(origin.fitted))
      throw new Error(
        `leak not ruled out: training example ${id} is from model ${origin.fitted}, whose rows are not known`,
      )
    for (const parent of origin.parents) checkRow(parent, `training example ${id} was made from`)
  }
}

/** A real row's name, which its examples know through their origin alone. */
function realName({ origin }: Pick<TracedRow, 'origin'>): readonly string[] {
  return origin.kind === 'real' ? [`${origin.source}:${origin.number}`] : []
}
