import type { Attributes, Example, Message } from '../data/example.ts'
import { hashOf } from '../data/hash.ts'
import type { SyntheticOrigin } from '../data/origin.ts'
import { type Row, type TracedRow, valueAt } from '../data/row.ts'
import type { Task } from '../task/task.ts'
import { changedColumns } from './better-answer.ts'
import type { ReviewedItem } from './consensus.ts'
import { hashExample } from './decision.ts'
import { generatorOf } from './item.ts'
import { type RejectedKind, rejectedKinds } from './kinds.ts'

/** A synthetic row that a reviewer put right. */
export interface Fix {
  /** Its origin is that of the row it was, with the reviewed examples among the parents. */
  readonly traced: TracedRow
  /** Hash of what the row said before. */
  readonly before: string
  /** Ids of the examples that were put right. */
  readonly parents: readonly string[]
  /** The examples as the reviewer saw them, with the better answers; they stand in place of newly rendered ones. */
  readonly examples: readonly Pick<Example, 'task' | 'messages'>[]
}

/** A row that must not come in again. */
interface TurnedDown {
  readonly generator: string
  /** Hash of what it says. */
  readonly row: string
  /** Hashes of its examples as the reviewers saw them. */
  readonly examples: readonly string[]
  readonly reason: 'rejected-by-reviewer' | 'fixed-by-reviewer' | 'disputed-by-reviewers'
  readonly detail: string | null
}

/** What decisions say for the next round of generation; plain data, from which its key follows. */
export interface Directives {
  readonly fixes: readonly Fix[]
  readonly turnedDown: readonly TurnedDown[]
  readonly avoided: readonly RejectedKind[]
  /** Columns that only tell rows apart; two rows that differ in no other say the same. */
  readonly ids: readonly string[]
}

/**
 * What reviews say for the next round. A row one of whose examples was rejected, or is disputed, is turned down with all
 * its examples; one that was put right is turned down as it was and comes in as it should be. Real examples are
 * never changed.
 */
export function directivesOf(
  reviewed: readonly ReviewedItem[],
  given: {
    readonly tasks: readonly Task[]
    /** Columns of few values, over which rejected kinds are sought. */
    readonly columns: readonly string[]
    /** Columns that only tell rows apart. */
    readonly ids: readonly string[]
    /** Computes the derived columns of a row anew. */
    derive(row: Row): Row
  },
): Directives {
  const byRow = Map.groupBy(
    reviewed.filter(({ item }) => item.row !== null),
    ({ item }) => item.example.group,
  )
  const fixes: Fix[] = []
  const turnedDown: TurnedDown[] = []
  for (const members of byRow.values()) {
    const reason = reasonOf(members)
    if (reason === null) continue
    const { item } = members[0]!
    const rejection = members
      .flatMap(({ decisions }) => decisions)
      .find(decision => decision.decision === 'reject')
    turnedDown.push({
      generator: generatorOf(item),
      row: hashRow(item.row!, given.ids),
      examples: members.map(member => hashExample(member.item.example)),
      reason,
      detail: reason === 'rejected-by-reviewer' ? (rejection?.reason ?? null) : null,
    })
    if (reason === 'fixed-by-reviewer') fixes.push(fixRow(members, given))
  }
  return {
    fixes,
    turnedDown,
    avoided: rejectedKinds(reviewed, given.columns).filter(({ avoid }) => avoid),
    ids: given.ids,
  }
}

/** The part of directives that concerns some generators; undefined where there is none. */
export function directivesFor(directives: Directives, generators: readonly string[]): Directives | undefined {
  const own = {
    fixes: directives.fixes.filter(({ traced }) => generators.includes(originOf(traced).generator)),
    turnedDown: directives.turnedDown.filter(({ generator }) => generators.includes(generator)),
    avoided: directives.avoided.filter(({ generator }) => generators.includes(generator)),
  }
  return Object.values(own).some(list => list.length > 0) ? { ...own, ids: directives.ids } : undefined
}

/**
 * Why a synthetic row is turned down by what reviewers said; null where it is not. What they saw is turned down wherever it
 * comes from, and so is a row that says the same in other words.
 */
export function createReviewCheck({
  turnedDown,
  avoided,
  ids,
}: Directives): (candidate: {
  readonly traced: TracedRow
  readonly examples: readonly Example[]
}) => { readonly reason: string; readonly detail: string | null } | null {
  const byRow = new Map(turnedDown.map(each => [each.row, each]))
  const byExample = new Map(turnedDown.flatMap(each => each.examples.map(example => [example, each])))
  const values = avoided.filter(({ level }) => level === 'value')
  return ({ traced, examples }) => {
    const shown = examples
      .map(example => byExample.get(hashExample(example)))
      .find(each => each !== undefined)
    const known = shown ?? byRow.get(hashRow(traced.row, ids))
    if (known !== undefined) return known
    const { generator, cell } = originOf(traced)
    const kind = values.find(each => {
      const [column, value] = Object.entries(each.what)[0]!
      return each.generator === generator && !(column in cell) && valueAt(traced.row, column) === value
    })
    if (kind === undefined) return null
    const [column] = Object.keys(kind.what)
    return {
      reason: 'kind-rejected-by-reviewers',
      detail: `its value in column ${column}: ${countText(kind)} were rejected`,
    }
  }
}

/** True where a row was put right to say what another decision turned down: reviewers must settle that first. */
export function isContradicted({ turnedDown, ids }: Directives, { traced, before, examples }: Fix): boolean {
  const after = hashRow(traced.row, ids)
  const shown = new Set(examples.map(hashExample))
  return turnedDown.some(
    each => each.examples.some(example => shown.has(example)) || (after !== before && each.row === after),
  )
}

/** Why a generator is not asked for a case again, in plain words; null where it may be. */
export function whyAvoided({ avoided }: Directives, generator: string, cell: Attributes): string | null {
  const wanted = hashOf(cell)
  const kind = avoided.find(
    each => each.level === 'case' && each.generator === generator && hashOf(each.what) === wanted,
  )
  return kind === undefined ? null : `reviewers rejected ${countText(kind)} of its examples of this case`
}

function countText({ rejected, decided }: RejectedKind): string {
  return `${rejected} of ${decided}`
}

/** Hash of what a row says, without the columns that only tell rows apart; a missing value says as much as a missing column. */
function hashRow(row: Row, ids: readonly string[]): string {
  return hashOf(
    Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null && !ids.includes(name))),
  )
}

function reasonOf(members: readonly ReviewedItem[]): TurnedDown['reason'] | null {
  const kinds = new Set(members.map(({ outcome }) => outcome.kind))
  if (kinds.has('reject')) return 'rejected-by-reviewer'
  if (kinds.has('disputed')) return 'disputed-by-reviewers'
  return kinds.has('fix') ? 'fixed-by-reviewer' : null
}

function fixRow(
  members: readonly ReviewedItem[],
  { tasks, ids, derive }: Parameters<typeof directivesOf>[1],
): Fix {
  const fixed = members.flatMap(({ item, outcome }) =>
    outcome.kind === 'fix'
      ? [{ item, task: tasks.find(({ name }) => name === item.example.task), text: outcome.text }]
      : [],
  )
  const changes: Row = Object.assign(
    {},
    ...fixed.map(({ item, task, text }) => (task === undefined ? {} : changesOf(task, item.example, text))),
  )
  const before = members[0]!.item
  const row = { ...derive({ ...before.row!, ...changes }), ...changes }
  const parents = fixed.map(({ item }) => item.example.id)
  const origin = before.example.origin as SyntheticOrigin
  const cell = Object.fromEntries(
    Object.entries(origin.cell).map(([name, value]) => [name, name in row ? valueAt(row, name) : value]),
  )
  const id = `${origin.generator}:${hashOf({ parents, texts: fixed.map(({ text }) => text) }).slice(0, 16)}`
  return {
    traced: { id, group: id, row, origin: { ...origin, cell, parents: [...origin.parents, ...parents] } },
    before: hashRow(before.row!, ids),
    parents,
    examples: fixed.map(({ item: { example }, text }) => ({
      task: example.task,
      messages: withAnswer(example.messages, text),
    })),
  }
}

/** Columns of the row that a better answer changes; of a conversation the columns that hold it. */
function changesOf(task: Task, example: Example, text: string): Row {
  if (task.kind !== 'chat') return changedColumns(task, text)
  return { messages: JSON.stringify(withAnswer(example.messages, text)), response: text }
}

function withAnswer(messages: readonly Message[], text: string): readonly Message[] {
  return [...messages.slice(0, -1), { ...messages.at(-1)!, content: text }]
}

function originOf({ origin }: TracedRow): SyntheticOrigin {
  if (origin.kind === 'real') throw new Error('a real row is not for review directives')
  return origin
}
