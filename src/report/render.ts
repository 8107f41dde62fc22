import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { answerSection } from './section-answer.ts'
import { armsSection } from './section-arms.ts'
import { calibrationSection } from './section-calibration.ts'
import { curveSection } from './section-curve.ts'
import { equivalentSection } from './section-equivalent.ts'
import { dataSection } from './section-data.ts'
import { gapsSection } from './section-gaps.ts'
import { generationSection } from './section-generation.ts'
import { previewSection } from './section-preview.ts'
import { privateSection } from './section-private.ts'
import { recallSection } from './section-recall.ts'
import { recordSection } from './section-record.ts'
import { slicesSection } from './section-slices.ts'
import { trainingSection } from './section-training.ts'
import { timingSection } from './section-timing.ts'
import { upliftSection } from './section-uplift.ts'
import { reviewSection } from './section-review.ts'
import { searchSection } from './section-search.ts'
import { style } from './style.ts'
import type { Timing } from './timing-schema.ts'

/** Forbids all scripts and requests, whatever stands in the data. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** The report as one HTML file that needs nothing else: same report and timing, same bytes. */
export function renderReport(report: Report, timing: Timing): string {
  const recall = recallSection(report)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${report.project.name}: tilth report</title>
        <link rel="icon" href="data:," />
        <style>
          ${styleSheet}
        </style>
      </head>
      <body>
        <a class="skip" href="#answer">To the answer</a>
        <main class="page">
          ${answerSection(report)} ${contents(report, recall !== null)} ${upliftSection(report)}
          ${equivalentSection(report)} ${gapsSection(report)} ${curveSection(report)} ${searchSection(report)}
          ${armsSection(report)} ${trainingSection(report)} ${previewSection(report)} ${recall}
          ${slicesSection(report)} ${calibrationSection(report)} ${generationSection(report)}
          ${reviewSection(report)} ${privateSection(report)} ${dataSection(report)} ${timingSection(timing)}
          ${recordSection(report)}
          <footer class="colophon small">${footer(report)}</footer>
        </main>
      </body>
    </html> `
  return page.markup
}

const styleSheet: Html = { markup: style }

function contents(report: Report, withRecall: boolean): Html {
  const links = [
    ['uplift', 'Uplift'],
    ...(report.equivalents.length > 0 ? [['worth', 'Worth in real rows']] : []),
    ['gaps', 'Gaps'],
    ...(report.gaps.curves.length > 0 ? [['curve', 'More examples']] : []),
    ...(report.search === undefined ? [] : [['search', 'How much to take']]),
    ['arms', 'Arms'],
    ...((report.training ?? []).length > 0 ? [['training', 'Training']] : []),
    ...(report.preview === undefined ? [] : [['preview', 'Preview']]),
    ...(withRecall ? [['recall', 'Classes']] : []),
    ...(report.slices.length > 0 ? [['slices', 'Slices']] : []),
    ...(report.calibration.length > 0 ? [['calibration', 'Calibration']] : []),
    ['made', 'What was made'],
    ...(report.review === undefined ? [] : [['review', 'Reviewed by people']]),
    ['private', 'Private rows'],
    ['data', 'Data and tasks'],
    ['cost', 'Time and cost'],
    ['record', 'Notes and record'],
  ]
  return html`<nav aria-label="Contents">
    <ol>
      ${links.map(([id, text]) => html`<li><a href="#${id!}">${text!}</a></li>`)}
    </ol>
  </nav>`
}

function footer(report: Report): string {
  return `The figures of this page, without the times, are in report.json (schema version ${report.version}). Intervals hold 95 %. Points are hundredths of a score.`
}
