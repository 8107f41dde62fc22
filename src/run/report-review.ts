import type { Report } from '../report/report-schema.ts'
import type { Acceptance, ReviewSummary } from '../review/summary.ts'
import { publishedReplicate } from './replicate.ts'
import type { FilledMixture } from './steps/fill.ts'
import type { MakerInput } from './steps/maker.ts'
import type { RunReview } from './review.ts'

type ReportedReview = NonNullable<Report['review']>

/** What people decided and what became of it, without their names and without words about private rows. */
export async function reportReview(
  { project, prepared, need }: MakerInput,
  { directives, summaries }: RunReview,
): Promise<ReportedReview> {
  const entered = await Promise.all(
    Object.keys(project.mixtures).map(async mixture => {
      const { answers } = await need<FilledMixture>(`fill:${mixture}@${publishedReplicate(prepared.regime)}`)
      return { mixture, rows: new Set(answers.map(({ row }) => row)).size }
    }),
  )
  return {
    reviews: summaries.map(summariseForReport),
    turnedDown: directives.turnedDown.length,
    fixes: directives.fixes.length,
    entered: entered.filter(({ rows }) => rows > 0),
  }
}

function summariseForReport(summary: ReviewSummary): ReportedReview['reviews'][number] {
  const { run, mixture, blind, items, decided, agreement } = summary
  return {
    run,
    mixture,
    blind,
    items,
    decided,
    reviewers: summary.reviewers.length,
    acceptance: summary.acceptance.map(toReport),
    overall: toReport(summary.overall),
    alpha: agreement.alpha,
    kappas: agreement.pairs.map(pair => ({ items: pair.items, kappa: pair.kappa })),
    disputes: summary.disputes.length,
    rejectedKinds: summary.kinds
      .filter(({ level, share }) => level === 'case' || share === 'anyone')
      .map(({ generator, what, decided: of, rejected, reasons, avoid, share }) => ({
        generator,
        what,
        decided: of,
        rejected,
        reasons: share === 'local' ? {} : reasons,
        avoided: avoid,
      })),
  }
}

function toReport({
  interval: [low, high],
  ...counts
}: Acceptance): ReportedReview['reviews'][number]['overall'] {
  return { ...counts, interval: { low, high } }
}
