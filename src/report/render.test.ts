import { expect, test } from 'vitest'
import { scarceReport, sealedReport, timing } from '../../test/report-fixture.ts'
import { renderReport } from './render.ts'

/** The page's words, without markup. */
function textOf(page: string): string {
  return page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ')
}

test('the same report and times give the same bytes', () => {
  expect(renderReport(sealedReport(), timing())).toBe(renderReport(sealedReport(), timing()))
})

test('the page names the regime, the look at the seal and what stays without a guarantee', () => {
  const text = textOf(renderReport(sealedReport(), timing()))
  expect(text).toContain('Sealed regime')
  expect(text).toContain('Look 2 at this seal')
  expect(text).toContain('Synthetic data without a differential-privacy guarantee.')
  expect(textOf(renderReport(scarceReport(), timing()))).toContain('Scarce regime no sealed test')
})

test('one comparison a task is confirmatory and all others are labelled exploratory', () => {
  const page = renderReport(sealedReport(), timing())
  const [, ...panels] = page.slice(0, page.indexOf('id="worth"')).split('<article class="panel">')
  expect(panels).toHaveLength(2)
  for (const panel of panels) expect(panel.match(/confirmatory/g)).toHaveLength(1)
  const [confirmatory, exploratory] = panels[0]!.split('Exploratory')
  expect(confirmatory).toContain('with-private')
  for (const arm of ['without-private', 'synthetic', 'real-repeated'])
    expect(exploratory).toContain(`>${arm} <`)
})

test('skipped tasks, unfilled cells, refused candidates, dropped columns and held-out wordings are told with their reasons', () => {
  const text = textOf(renderReport(sealedReport(), timing()))
  expect(text).toContain('answered by linear')
  expect(text).toContain('Skipped: the linear student learns label tasks alone; this one asks for free text.')
  expect(text).toContain('11 of 30. After 600 tries the private rows hold too few such reports')
  expect(text).toContain(
    'refused: near duplicate 402, copies private row 131, exact duplicate 44, constraint 12',
  )
  expect(text).toContain('cost_repairs, cost_other')
  expect(text).toContain('Damage, yes or no?')
  expect(text).toContain('to show it, label 2,860 more rows')
})

test('the times of repeated steps are added up, and reused ones are named', () => {
  const text = textOf(renderReport(sealedReport(), timing()))
  expect(text).toContain('38 s in all, 45 s foretold, at most 402 MB of memory')
  expect(text).toContain('fill:with-private 2 times, 281 MB 8.3 s')
  expect(text).toContain('tune:with-private 2 times, 1 reused, 402 MB 21 s')
})

test('a report with next to nothing in it is still a page', () => {
  const report = scarceReport()
  const page = renderReport({ ...report, arms: [], uplift: [], tasks: [] }, { steps: [], total: 0 })
  expect(textOf(page)).toContain('No task was compared.')
  expect(page).not.toMatch(/NaN|undefined|Infinity/)
})

test('a smallest effect that cannot be is neither written nor drawn', () => {
  const report = sealedReport()
  const [first, ...others] = report.uplift
  const uplift = [{ ...first!, smallestDetectable: { before: 4.515, after: 1.359 } }, ...others]
  const page = renderReport({ ...report, uplift }, timing())
  expect(textOf(page)).toContain('none: not even the largest possible one')
  expect(textOf(page)).not.toMatch(/135\.9|451\.5/)
})
