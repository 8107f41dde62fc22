import { expect, test } from 'vitest'
import { sealedReport } from '../../test/report-fixture.ts'
import { type Report, reportSchema } from './report-schema.ts'
import { trainingSection } from './section-training.ts'

const training: NonNullable<Report['training']> = [
  {
    task: 'damaged',
    arm: 'real',
    updates: 6,
    planned: 20,
    losses: [
      { upTo: 3, loss: 2 },
      { upTo: 6, loss: 1 },
    ],
    epochs: [
      { epoch: 1, steps: 3, trainLoss: 2, devLoss: 0.5 },
      { epoch: 2, steps: 6, trainLoss: 1, devLoss: null },
    ],
  },
]

test('the losses are drawn, and said in words', () => {
  const report = reportSchema.parse({ ...sealedReport(), training })
  const { markup } = trainingSection(report)!
  const text = markup.replaceAll(/\s+/g, ' ')
  expect(text).toContain('6 updates, stopped of 20; loss 1.000 at the end, 0.500 on dev rows at best')
  // Update 3 of 6 is the middle of 12 to 92; a loss of 2 is the top, at 84 - 80, and of 1 the middle.
  expect(text).toContain('points="52.00,4.00 92.00,44.00"')
  expect(text.match(/<circle/g)).toHaveLength(1)
})

test('a student that is trained at once has no such section', () => {
  expect(trainingSection(sealedReport())).toBeNull()
})
