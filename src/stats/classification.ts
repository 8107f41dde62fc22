/** One answer out of a set of labels; `predicted` is null where it could not be read, which counts as wrong. */
export interface LabelAnswer {
  readonly gold: string
  readonly predicted: string | null
}

/** How often a label was right, answered, and both. */
export interface LabelCounts {
  readonly label: string
  readonly gold: number
  readonly predicted: number
  readonly hits: number
}

/** Counts of each label, in the order of `labels`. Other labels than these are counted nowhere. */
export function countLabels(
  answers: readonly LabelAnswer[],
  labels: readonly string[],
): readonly LabelCounts[] {
  const counts = new Map(labels.map(label => [label, { label, gold: 0, predicted: 0, hits: 0 }]))
  for (const { gold, predicted } of answers) {
    const ofGold = counts.get(gold)
    if (ofGold) ofGold.gold++
    const ofPredicted = predicted === null ? undefined : counts.get(predicted)
    if (ofPredicted) ofPredicted.predicted++
    if (ofGold && gold === predicted) ofGold.hits++
  }
  return [...counts.values()]
}

/** Share of a label's items that were answered right; 0 where it has none. */
export function recall({ gold, hits }: LabelCounts): number {
  return gold === 0 ? 0 : hits / gold
}

/** Share of the answers with this label that were right; 0 where there are none. */
export function precision({ predicted, hits }: LabelCounts): number {
  return predicted === 0 ? 0 : hits / predicted
}

/** Harmonic mean of precision and recall; 0 where the label is neither right nor answered. */
export function f1({ gold, predicted, hits }: Omit<LabelCounts, 'label'>): number {
  return gold + predicted === 0 ? 0 : (2 * hits) / (gold + predicted)
}

/** Share of right answers, in [0, 1]; NaN without answers. */
export function accuracy(answers: readonly LabelAnswer[]): number {
  return answers.filter(({ gold, predicted }) => gold === predicted).length / answers.length
}

/** Unweighted mean of the F1 of `labels`, in [0, 1]. A label without items and answers counts as 0, as in scikit-learn. */
export function macroF1(answers: readonly LabelAnswer[], labels: readonly string[]): number {
  const counts = countLabels(answers, labels)
  return counts.reduce((sum, count) => sum + f1(count), 0) / counts.length
}

/** The labels that occur, as answer or as truth, in sorted order. */
export function labelsOf(answers: readonly LabelAnswer[]): readonly string[] {
  const seen = new Set<string>()
  for (const { gold, predicted } of answers) {
    seen.add(gold)
    if (predicted !== null) seen.add(predicted)
  }
  return [...seen].sort()
}

/** Macro-F1 without each group of answers in turn: what the jackknife needs. One entry a group. */
export function macroF1WithoutEach(
  groups: readonly (readonly LabelAnswer[])[],
  labels: readonly string[],
): Float64Array {
  const counts = countLabels(groups.flat(), labels)
  const byLabel = new Map(counts.map(count => [count.label, count]))
  const sum = counts.reduce((total, count) => total + f1(count), 0)
  return Float64Array.from(groups, group => {
    let left = sum
    for (const part of countLabels(group, touchedLabels(group, byLabel))) {
      const whole = byLabel.get(part.label)!
      left += f1({
        gold: whole.gold - part.gold,
        predicted: whole.predicted - part.predicted,
        hits: whole.hits - part.hits,
      })
      left -= f1(whole)
    }
    return left / labels.length
  })
}

function touchedLabels(
  group: readonly LabelAnswer[],
  known: ReadonlyMap<string, unknown>,
): readonly string[] {
  return labelsOf(group).filter(label => known.has(label))
}
