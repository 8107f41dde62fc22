import { contentOf } from '../data/content.ts'
import {
  type Fingerprints,
  fingerprintTexts,
  isFingerprinted,
  matchFingerprints,
} from '../data/fingerprint.ts'
import type { Row, TracedRow } from '../data/row.ts'
import { wordHashes } from '../stats/word-hash.ts'
import type { Candidate, Check } from './candidate.ts'
import { passed, rejected } from './verdict.ts'

/** Share of a text's word n-grams that may be those of held-out rows. */
const mostOverlap = 0.5

/** Words from which overlap says something: shorter values are names and categories that many rows share. */
const fewestWords = 8

/**
 * Whether a candidate repeats a held-out row, known by one-way fingerprints only: its content or one of its prompts equals a
 * dev or test row's, or more than half of the n-grams of a free text in it are theirs. Of the n-grams, those that the `kept`
 * training rows hold as well do not count: they are the words of a template, or what everybody says. Prompts are compared
 * whole alone, since all that share a template overlap. A row of few categories that equals a held-out one by chance is
 * rejected too: what is scored must not have been trained on.
 */
export function createContaminationCheck(heldOut: Fingerprints, kept: readonly TracedRow[]): Check {
  const known = fingerprintTexts(
    kept.flatMap(({ row }) => freeTexts(row).map(([, text]) => text)),
    heldOut.salt,
  )
  return candidate => {
    const { row } = candidate.traced
    if (isFingerprinted(contentOf(row), heldOut)) {
      return rejected('contamination', 'its values equal those of a dev or test row')
    }
    const task = taskOfKnownPrompt(candidate, heldOut)
    if (task !== undefined) {
      return rejected('contamination', `its prompt for task ${task} equals that of a dev or test row`)
    }
    for (const [column, text] of freeTexts(row)) {
      const { exact, overlap } = matchFingerprints(text, heldOut, mostOverlap)
      if (
        exact ||
        (overlap > mostOverlap && overlap - matchFingerprints(text, known).overlap > mostOverlap)
      ) {
        const share = Math.round(overlap * 100)
        return rejected(
          'contamination',
          `${share} % of the text in column ${column} is that of dev or test rows`,
        )
      }
    }
    return passed
  }
}

function freeTexts(row: Row): readonly (readonly [string, string])[] {
  return Object.entries(row).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && wordHashes(entry[1]).length >= fewestWords,
  )
}

function taskOfKnownPrompt({ examples }: Candidate, heldOut: Fingerprints): string | undefined {
  return examples.find(({ messages }) =>
    messages.some(({ role, content }) => role === 'user' && isFingerprinted(content, heldOut)),
  )?.task
}
