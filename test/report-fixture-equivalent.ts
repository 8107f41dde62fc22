import { writeEquivalent } from '../src/report/equivalent-text.ts'
import type { Report } from '../src/report/report-schema.ts'

type Equivalent = Report['equivalents'][number]

function point(examples: number, score: number, half: number): Equivalent['points'][number] {
  return { examples, score, interval: { low: score - half, high: score + half } }
}

function told(equivalent: Omit<Equivalent, 'says'>, why: string | null): Equivalent {
  return { ...equivalent, says: writeEquivalent(equivalent, why) }
}

const shared = {
  metric: 'macro-f1',
  arm: 'with-private',
  rival: 'real-weighted',
  real: 60,
  synthetic: 600,
  reach: { low: -50, high: 180 },
}

/** Made up: one that can be read off, and one whose curve is flat. */
export const equivalents: Report['equivalents'] = [
  told(
    {
      ...shared,
      task: 'damaged',
      points: [10, 15, 21, 30, 42, 60].map((examples, index) => point(examples, 0.49 + 0.016 * index, 0.025)),
      law: [10, 20, 40, 80, 160, 240].map((examples, index) =>
        point(examples, 0.492 + 0.032 * index, 0.02 + 0.004 * index),
      ),
      armScore: 0.632,
      armInterval: { low: 0.603, high: 0.661 },
      worth: { value: 110, low: 32, high: 180 },
    },
    null,
  ),
  told(
    {
      ...shared,
      task: 'severity',
      points: [10, 21, 60].map(examples => point(examples, 0.35, 0.03)),
      law: [],
      armScore: 0.364,
      armInterval: { low: 0.33, high: 0.4 },
      worth: null,
    },
    'from 10 to 60 real examples the score got better by 0.2 ± 4.1 points, which may be chance',
  ),
]
