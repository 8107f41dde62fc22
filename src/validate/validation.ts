import type { Fingerprints } from '../data/fingerprint.ts'
import type { Row, TracedRow } from '../data/row.ts'
import { UserError } from '../error.ts'
import type { Task } from '../task/task.ts'
import { createAnswerCheck } from './answer-schema.ts'
import type { Candidate, Check } from './candidate.ts'
import { checkCell } from './cell.ts'
import { checkChatStructure } from './chat-structure.ts'
import { createConstraintCheck } from './constraint.ts'
import { createContaminationCheck } from './contamination.ts'
import { createDuplicateCheck } from './duplicates.ts'
import { createLengthCheck } from './length.ts'
import { createNearDuplicateCheck } from './near-duplicates.ts'
import { createNoveltyCheck, type RougePolicy } from './novelty.ts'
import { checkPersonalData } from './personal-data.ts'
import { passed, type Verdict } from './verdict.ts'

export interface ValidationSettings {
  /** Fewest and most characters of an answer. */
  readonly minimumLength: number
  readonly maximumLength: number
  /** Similarity from which two texts are near-duplicates, in [0.1, 1]. */
  readonly nearDuplicate: number
  readonly rouge: RougePolicy
  readonly personalData: 'reject' | 'report' | 'off'
  /** `off` only together with a reason, of at least 10 characters. */
  readonly contamination: 'reject' | { readonly off: string }
}

/** What a check found without rejecting for it, because the project says so. */
export interface Noted {
  readonly reason: string
  /** Accepted candidates that it applies to. */
  readonly count: number
  readonly note: string
}

export interface Validation {
  /** Judges a candidate, cheap checks before dear ones; one that passes is remembered, and its likes are duplicates. */
  judge(candidate: Candidate): Verdict
  /** Remembers a candidate that was accepted before, without judging it. */
  accept(candidate: Candidate): void
  /** What was found in accepted candidates though the project rejects none for it; never silent about a check put off. */
  noted(): readonly Noted[]
}

/** A check in its turn. Where `instead` is given, a candidate that fails is counted under it and goes on. */
interface Step {
  readonly check: Check
  readonly instead?: { readonly reason: string; readonly note: string }
}

/**
 * Everything a candidate is judged by. `kept` are the real training rows, which synthetic ones must not repeat.
 * Throws a UserError for a contamination check put off without a reason.
 */
export function createValidation(options: {
  readonly settings: ValidationSettings
  readonly tasks: readonly Task[]
  /** The first condition that a row breaks, or null. */
  constraints(row: Row): string | null
  readonly fingerprints: Fingerprints
  readonly kept: readonly TracedRow[]
  readonly seed: number
}): Validation {
  const { settings, kept } = options
  const duplicates = createDuplicateCheck(kept)
  const nearDuplicates = createNearDuplicateCheck({
    threshold: settings.nearDuplicate,
    kept,
    seed: options.seed,
  })
  const novelty = settings.rouge === 'off' ? undefined : createNoveltyCheck({ rouge: settings.rouge, kept })
  const steps: readonly Step[] = [
    { check: checkCell },
    { check: createConstraintCheck(row => options.constraints(row)) },
    { check: checkChatStructure },
    { check: createLengthCheck({ minimum: settings.minimumLength, maximum: settings.maximumLength }) },
    { check: createAnswerCheck(options.tasks) },
    ...personalDataSteps(settings.personalData),
    { check: duplicates.check },
    contaminationStep(settings.contamination, createContaminationCheck(options.fingerprints, kept)),
    { check: nearDuplicates.check },
    ...(novelty === undefined ? [] : [{ check: novelty.check }]),
  ]
  const counts = new Map<string, number>()

  function accept(candidate: Candidate): void {
    duplicates.accept(candidate)
    nearDuplicates.accept(candidate)
    novelty?.accept(candidate)
  }

  return {
    accept,
    judge(candidate) {
      const found: string[] = []
      for (const { check, instead } of steps) {
        const verdict = check(candidate)
        if (verdict.pass) continue
        if (instead === undefined) return verdict
        found.push(instead.reason)
      }
      accept(candidate)
      for (const reason of found) counts.set(reason, (counts.get(reason) ?? 0) + 1)
      return passed
    },
    noted: () =>
      steps.flatMap(({ instead }) =>
        instead ? [{ ...instead, count: counts.get(instead.reason) ?? 0 }] : [],
      ),
  }
}

function personalDataSteps(policy: ValidationSettings['personalData']): readonly Step[] {
  if (policy === 'off') return []
  if (policy === 'reject') return [{ check: checkPersonalData }]
  const note = 'Examples with personal data are kept, as `validate.personalData: report` says.'
  return [{ check: checkPersonalData, instead: { reason: 'personal-data', note } }]
}

/** The check runs in any case: put off, it counts what it would have rejected. */
function contaminationStep(policy: ValidationSettings['contamination'], check: Check): Step {
  if (policy === 'reject') return { check }
  const why = policy.off.trim()
  if (why.length < 10) {
    throw new UserError(
      `The contamination check is put off with the reason "${why}", which says too little.`,
      'Give a reason of at least 10 characters in `validate.contamination.off`, or leave it out to keep the check.',
    )
  }
  const note = `Examples that repeat dev or test rows are kept; the reason given: ${why}`
  return { check, instead: { reason: 'contamination', note } }
}
