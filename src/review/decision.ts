import { z } from 'zod'
import type { Example } from '../data/example.ts'
import { hashOf } from '../data/hash.ts'

/** How reviewers are called: their files are named for them. */
export const reviewerName = z
  .string()
  .regex(
    /^[\p{Ll}\p{N}][\p{Ll}\p{N}._-]{0,63}$/u,
    'a name of lower-case letters, digits, dots and dashes, at most 64 characters',
  )

const shared = {
  /** Id of the example it is about. */
  example: z.string().min(1),
  /** Hash of what was shown, so that it is known when the example has changed since. */
  content: z.string().min(1),
  reviewer: reviewerName,
  /** When it was made, ISO 8601. For people alone: nothing that is computed or hashed follows from it. */
  at: z.string(),
}

/** One person's answer to one example. */
export const decisionSchema = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('accept'), ...shared }),
  z.strictObject({
    decision: z.literal('fix'),
    ...shared,
    /** The better answer. */
    text: z.string().min(1),
    reason: z.string().min(1).nullable(),
  }),
  z.strictObject({ decision: z.literal('reject'), ...shared, reason: z.string().min(1) }),
])

export type Decision = z.output<typeof decisionSchema>

/** What a person answers, without who, when and to what. */
export type Answered =
  | { readonly decision: 'accept' }
  | { readonly decision: 'fix'; readonly text: string; readonly reason: string | null }
  | { readonly decision: 'reject'; readonly reason: string }

/** Binds an answer to its example, its reviewer and the time. */
export function decide(
  example: Example,
  answered: Answered,
  { reviewer, at }: { readonly reviewer: string; readonly at: string },
): Decision {
  return { example: example.id, content: hashExample(example), reviewer, at, ...answered }
}

/** Hash of what an example says: its task and messages, whatever it is called and wherever it is from. */
export function hashExample({ task, messages }: Pick<Example, 'task' | 'messages'>): string {
  return hashOf({ task, messages }).slice(0, 24)
}
