import type { Row } from '../src/data/row.ts'
import { type Answered, decide, type Decision } from '../src/review/decision.ts'
import type { Review, ReviewItem } from '../src/review/item.ts'
import { resolveTask } from '../src/task/render.ts'
import { createRandom } from '../src/data/random.ts'

/** A label task on field reports. */
export const yieldTask = resolveTask(
  'yield',
  {
    kind: 'label',
    answer: 'yield',
    labels: ['good', 'poor'],
    metric: 'macro-f1',
    prompts: [{ prompt: 'Soil {{ soil }}?' }],
  },
  {
    rows: [
      {
        id: 'reports:1',
        group: 'reports:1',
        row: { soil: 'clay', yield: 'good' },
        origin: { kind: 'real', source: 'reports', number: 1, use: 'train', share: 'anyone' },
      },
    ],
    random: createRandom(1, 'task'),
  },
)

/** A synthetic item whose row says what it is told to. */
export function madeItem(
  name: string,
  {
    part = 'random',
    generator = 'rules',
    share = 'anyone',
    row = {},
    cell = {},
    doubt = null,
  }: {
    part?: ReviewItem['part']
    generator?: string
    share?: 'anyone' | 'local'
    row?: Row
    cell?: Row
    doubt?: number | null
  } = {},
): ReviewItem {
  const full: Row = { soil: name, yield: 'good', ...row }
  const group = `${generator}:${name}`
  return {
    id: `ex-${name}`,
    part,
    doubt,
    row: full,
    example: {
      id: `${group}/yield`,
      group,
      task: 'yield',
      messages: [
        { role: 'user', content: `Soil ${String(full['soil'])}?` },
        { role: 'assistant', content: String(full['yield']) },
      ],
      attributes: { yield: full['yield'] ?? null },
      weight: 1,
      origin: { kind: 'synthetic', generator, seed: 1, cell, fitted: 'fit-1', parents: [], share },
    },
  }
}

/** A real item, as a blind review mixes them in. */
export function madeRealItem(name: string): ReviewItem {
  const { example, ...item } = madeItem(name)
  const origin = { kind: 'real', source: 'reports', number: 7, use: 'train', share: 'anyone' } as const
  return { ...item, part: 'real', row: null, example: { ...example, id: `reports:7/${name}`, origin } }
}

export function madeReview(items: readonly ReviewItem[], blind = false): Review {
  return { run: 'fields-1', mixture: 'mixed', blind, items }
}

/** A decision of one reviewer on one item. */
export function madeDecision(item: ReviewItem, reviewer: string, answered: Answered | 'accept'): Decision {
  return decide(item.example, answered === 'accept' ? { decision: 'accept' } : answered, {
    reviewer,
    at: '2026-01-02T03:04:05.000Z',
  })
}

/** A rejection with its reason. */
export function rejecting(reason: string): Answered {
  return { decision: 'reject', reason }
}

/** A fix with its better answer. */
export function fixing(text: string): Answered {
  return { decision: 'fix', text, reason: null }
}
