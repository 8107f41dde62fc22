import type { Origin } from './origin.ts'
import type { Value } from './row.ts'

export interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** What an example covers: label, slots, conditions. Gaps, targets and reports count over them. */
export type Attributes = Readonly<Record<string, Value>>

/** One instruction-tuning example. `id` names it; two with the same content have different ids. */
export interface Example {
  readonly id: string
  /** All tasks of one row share its group, and no split parts a group. */
  readonly group: string
  /** Name of the task it teaches. */
  readonly task: string
  readonly messages: readonly Message[]
  readonly attributes: Attributes
  /** Relative weight in training, > 0. */
  readonly weight: number
  readonly origin: Origin
}
