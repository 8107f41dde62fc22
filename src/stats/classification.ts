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

type Tally = ReadonlyMap<string, { readonly label: string; gold: number; predicted: number; hits: number }>

/** Counts of each label, in the order of `labels`. Other labels than these are counted nowhere. */
export function countLabels(
  answers: readonly LabelAnswer[],
  labels: readonly string[],
): readonly LabelCounts[] {
  return [...tallyAnswers(answers, labels).values()]
}

function tallyAnswers(answers: readonly LabelAnswer[], labels: readonly string[]): Tally {
  const tally = new Map(labels.map(label => [label, { label, gold: 0, predicted: 0, hits: 0 }]))
  for (const answer of answers) addAnswer(tally, answer, 1)
  return tally
}

function addAnswer(tally: Tally, { gold, predicted }: LabelAnswer, times: 1 | -1): void {
  const ofGold = tally.get(gold)
  if (ofGold) ofGold.gold += times
  const ofPredicted = predicted === null ? undefined : tally.get(predicted)
  if (ofPredicted) ofPredicted.predicted += times
  if (ofGold && gold === predicted) ofGold.hits += times
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
export function f1({ gold, predicted, hits }: LabelCounts): number {
  return gold + predicted === 0 ? 0 : (2 * hits) / (gold + predicted)
}

/** Share of right answers, in [0, 1]; NaN without answers. */
export function accuracy(answers: readonly LabelAnswer[]): number {
  return answers.filter(({ gold, predicted }) => gold === predicted).length / answers.length
}

/** Unweighted mean of the F1 of `labels`, in [0, 1]. A label without items and answers counts as 0, as in scikit-learn. */
export function macroF1(answers: readonly LabelAnswer[], labels: readonly string[]): number {
  return meanF1(tallyAnswers(answers, labels))
}

/** Macro-F1 without each group of answers in turn: what the jackknife needs. One entry a group. */
export function macroF1WithoutEach(
  groups: readonly (readonly LabelAnswer[])[],
  labels: readonly string[],
): Float64Array {
  const tally = tallyAnswers(groups.flat(), labels)
  return Float64Array.from(groups, group => {
    for (const answer of group) addAnswer(tally, answer, -1)
    const score = meanF1(tally)
    for (const answer of group) addAnswer(tally, answer, 1)
    return score
  })
}

function meanF1(tally: Tally): number {
  let sum = 0
  for (const counts of tally.values()) sum += f1(counts)
  return sum / tally.size
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
