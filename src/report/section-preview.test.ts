import { expect, test } from 'vitest'
import { scarceReport, sealedReport } from '../../test/report-fixture.ts'
import { previewTaskSays } from './preview-says.ts'
import { previewSection } from './section-preview.ts'

const { preview } = sealedReport()
const [labels, fields] = preview!.tasks

test('a preview is told of as one, with how little it rests on', () => {
  const { markup } = previewSection(sealedReport())!
  expect(markup).toContain('Preview: a language model on the same arms')
  expect(markup).toContain('Few seeds and few rows: it is no part of the verdict')
  expect(markup).toContain('in 3 seeds on 200 of 1,440 sealed rows')
  expect(markup).not.toMatch(/class="badge/)
})

test('an interval is drawn no further than the axis, and written as it is', () => {
  const report = sealedReport()
  const [task] = report.preview!.tasks
  const figure = { metric: 'macro-f1', mean: 0.05, sd: 0.05, interval: { low: -0.08, high: 0.18 } }
  const arms = [{ arm: 'real', figures: [figure], unparsed: 0, difference: null }]
  const { markup } = previewSection({
    ...report,
    preview: { ...report.preview!, tasks: [{ ...task!, arms }] },
  })!
  expect(markup).toContain('−8.0 to 18.0')
  expect(/class="whisker"\s+x1="([^"]+)%"/.exec(markup)![1]).toBe('3')
})

test('without a preview there is no section', () => {
  expect(previewSection(scarceReport())).toBeNull()
})

test('a task that no arm learned better than knowing nothing is said to be so', () => {
  expect(labels!.learned).toBe(true)
  expect(labels!.says).toBe(
    'Real examples alone reach 31.0 of macro-F1, "with-private" 38.0 (+7.0: 3.0 to 11.0); the commonest answer, given to everyone, 24.0.',
  )
  expect(fields!.learned).toBe(false)
  expect(fields!.says).toBe(
    'Real examples alone reach 22.0 of field F1, "with-private" 25.0 (+3.0: −1.0 to 7.0); the commonest answer, given to everyone, 26.0, and no arm is better than that beyond chance. No arm learned to extract at this size.',
  )
  expect(previewTaskSays({ ...fields!, kind: 'text' }, 'real')).not.toContain('extract')
})
