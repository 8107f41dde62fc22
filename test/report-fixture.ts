import { writeAnswer } from '../src/report/answer.ts'
import type { Report } from '../src/report/report-schema.ts'
import type { Timing } from '../src/report/timing-schema.ts'
import { equivalents } from './report-fixture-equivalent.ts'
import { exploratorySections } from './report-fixture-exploratory.ts'
import { reportedPreview } from './report-fixture-preview.ts'
import { gaps } from './report-fixture-gaps.ts'

/**
 * Reports to try the page on. Every figure in here is made up: it has the shape of a run on wildlife strikes and
 * says nothing about one.
 */

const hash = 'c3f1d9a27b0e4c55a1f2e0b7d6488c3d90a1b2c3d4e5f60718293a4b5c6d7e8f'

function recallOf(shares: readonly number[]): Report['arms'][number]['tasks'][number]['recall'] {
  return shares.map((recall, index) => ({
    label: ['no', 'yes'][index]!,
    support: [1283, 157][index]!,
    recall,
    interval: {
      low: Math.max(0, recall - [0.02, 0.075][index]!),
      high: Math.min(1, recall + [0.02, 0.075][index]!),
    },
  }))
}

const severities = ['None', 'Minor', 'Substantial']

function score(mean: number, sd: number): Report['arms'][number]['tasks'][number]['scores'][string] {
  return { mean, sd, interval: { low: mean - 1.67 * sd, high: mean + 1.67 * sd } }
}

function arm(
  head: Pick<Report['arms'][number], 'name' | 'description' | 'real' | 'synthetic' | 'classWeights'>,
  figures: { damaged: number; severity: number; accuracy: number; recall: readonly [number, number] },
): Report['arms'][number] {
  return {
    ...head,
    examples: head.real + head.synthetic,
    tasks: [
      {
        task: 'damaged',
        scores: { 'macro-f1': score(figures.damaged, 0.014), accuracy: score(figures.accuracy, 0.008) },
        recall: recallOf(figures.recall),
        unparsed: 0,
      },
      {
        task: 'severity',
        scores: {
          'macro-f1': score(figures.severity, 0.021),
          accuracy: score(figures.accuracy - 0.02, 0.009),
        },
        recall: severities.map((label, index) => ({
          label,
          support: [1283, 94, 63][index]!,
          recall: [figures.recall[0], figures.recall[1] * 0.6, figures.recall[1] * 0.8][index]!,
          interval: null,
        })),
        unparsed: head.name === 'synthetic' ? 0.004 : 0,
      },
    ],
  }
}

const arms: Report['arms'] = [
  arm(
    { name: 'real', description: 'The real examples alone.', real: 120, synthetic: 0, classWeights: 'none' },
    { damaged: 0.501, severity: 0.334, accuracy: 0.889, recall: [0.993, 0.041] },
  ),
  arm(
    {
      name: 'real-weighted',
      description: 'The real examples alone, rare classes weighted up to equal weight.',
      real: 120,
      synthetic: 0,
      classWeights: 'balanced',
    },
    { damaged: 0.571, severity: 0.352, accuracy: 0.842, recall: [0.901, 0.287] },
  ),
  arm(
    {
      name: 'real-repeated',
      description: 'The real examples, each 11 times: as many as the mixture has.',
      real: 1320,
      synthetic: 0,
      classWeights: 'none',
    },
    { damaged: 0.508, severity: 0.339, accuracy: 0.887, recall: [0.99, 0.057] },
  ),
  arm(
    {
      name: 'synthetic',
      description: 'The synthetic examples of the first mixture alone.',
      real: 0,
      synthetic: 1200,
      classWeights: 'none',
    },
    { damaged: 0.594, severity: 0.348, accuracy: 0.821, recall: [0.858, 0.42] },
  ),
  arm(
    {
      name: 'with-private',
      description: 'The real examples and the synthetic ones of mixture "with-private".',
      real: 120,
      synthetic: 1200,
      classWeights: 'none',
    },
    { damaged: 0.632, severity: 0.364, accuracy: 0.853, recall: [0.894, 0.452] },
  ),
  arm(
    {
      name: 'without-private',
      description: 'The real examples and the synthetic ones of mixture "without-private".',
      real: 120,
      synthetic: 1200,
      classWeights: 'none',
    },
    { damaged: 0.578, severity: 0.351, accuracy: 0.836, recall: [0.882, 0.318] },
  ),
]

const method =
  'The real examples are fixed; 5 seeds vary generation and training. Studentised resampling of seeds, then items (10,000 times).'

const uplift: Report['uplift'] = [
  {
    task: 'damaged',
    metric: 'macro-f1',
    arm: 'with-private',
    rival: 'real-weighted',
    whyRival: 'Better than "real" in cross-validation on the 60 real examples: 55.8 against 49.6 macro-F1.',
    armScore: 0.632,
    rivalScore: 0.571,
    value: 0.061,
    interval: { low: 0.019, high: 0.103 },
    p: 0.0041,
    pAdjusted: 0.0082,
    verdict: 'helps',
    confirmatory: true,
    smallestDetectable: { before: 0.052, after: 0.047 },
    worth: 0.05,
    rowsToCollect: null,
    replicatesToRun: null,
    method,
    replicates: 5,
    items: 1440,
    cautions: [],
  },
  {
    task: 'severity',
    metric: 'macro-f1',
    arm: 'with-private',
    rival: 'real-weighted',
    whyRival: 'Better than "real" in cross-validation on the 60 real examples: 34.9 against 33.1 macro-F1.',
    armScore: 0.364,
    rivalScore: 0.352,
    value: 0.012,
    interval: { low: -0.052, high: 0.076 },
    p: 0.63,
    pAdjusted: 0.63,
    verdict: 'no-evidence',
    confirmatory: true,
    smallestDetectable: { before: 0.081, after: 0.092 },
    worth: 0.05,
    rowsToCollect: 2860,
    replicatesToRun: null,
    method,
    replicates: 5,
    items: 1440,
    cautions: ['Class "Substantial" has 63 held-out rows: one of them moves its recall by 1.6 points.'],
  },
]

function exploratory(arm: string, value: number, spread: number): Report['exploratory'][number] {
  return {
    task: 'damaged',
    metric: 'macro-f1',
    arm,
    rival: 'real-weighted',
    value,
    interval: { low: value - spread, high: value + spread },
  }
}

const generation: Report['generation'] = {
  generators: [
    { name: 'grammar', kind: 'rules', fittedOn: null, guarantee: 'none' },
    { name: 'synthesizer', kind: 'records', fittedOn: { rows: 1500, share: 'local' }, guarantee: 'none' },
    {
      name: 'small-synthesizer',
      kind: 'records',
      fittedOn: { rows: 60, share: 'anyone' },
      guarantee: 'none',
    },
  ],
  cells: [
    {
      mixture: 'with-private',
      generator: 'synthesizer',
      cell: { damage: 'Minor' },
      wanted: 150,
      accepted: 150,
      tried: 211,
      reasons: { 'near-duplicate': 38, 'copies-private-row': 9, constraint: 14 },
      why: null,
    },
    {
      mixture: 'with-private',
      generator: 'synthesizer',
      cell: { damage: 'Substantial' },
      wanted: 120,
      accepted: 120,
      tried: 198,
      reasons: { 'near-duplicate': 41, 'copies-private-row': 22, constraint: 12, 'too-long': 3 },
      why: null,
    },
    {
      mixture: 'with-private',
      generator: 'synthesizer',
      cell: { damage: 'Destroyed' },
      wanted: 30,
      accepted: 11,
      tried: 600,
      reasons: { 'near-duplicate': 402, 'copies-private-row': 131, 'exact-duplicate': 44, constraint: 12 },
      why: 'After 600 tries the private rows hold too few such reports to draw different ones from.',
    },
    {
      mixture: 'without-private',
      generator: 'grammar',
      cell: { damage: 'Minor' },
      wanted: 75,
      accepted: 75,
      tried: 82,
      reasons: { 'exact-duplicate': 5, 'personal-data': 2 },
      why: null,
    },
    {
      mixture: 'without-private',
      generator: 'small-synthesizer',
      cell: { damage: 'Substantial' },
      wanted: 60,
      accepted: 60,
      tried: 60,
      reasons: {},
      why: null,
    },
  ],
  sampleAccepted: [
    {
      generator: 'grammar',
      share: 'anyone',
      row: {
        species: 'Canada goose',
        'phase of flight': 'Climb',
        height: 900,
        speed: 165,
        damage: 'Minor',
        remarks: 'Struck the left wing shortly after rotation; crew returned as a precaution.',
      },
    },
    {
      generator: 'small-synthesizer',
      share: 'anyone',
      row: {
        species: 'Mourning dove',
        'phase of flight': 'Landing roll',
        height: 0,
        speed: 90,
        damage: 'None',
        remarks: null,
      },
    },
  ],
}

/** A sealed run in which one task was helped, one shows no evidence, and two were skipped. */
export function sealedReport(): Report {
  const figures: Omit<Report, 'answer'> = {
    version: 1,
    project: { name: 'wildlife-strikes', seed: 1, hash },
    regime: 'sealed',
    data: {
      sources: [
        {
          name: 'shared',
          file: 'shared-reports.csv',
          use: 'train',
          share: 'anyone',
          rows: 60,
          dropped: ['cost_repairs', 'cost_other'],
        },
        {
          name: 'desk',
          file: 'desk-reports.csv',
          use: 'fit',
          share: 'local',
          rows: 1500,
          dropped: ['cost_repairs', 'cost_other'],
        },
        { name: 'later', file: 'later-reports.csv', use: 'test', share: 'anyone', rows: 1440, dropped: [] },
      ],
      split: { train: 60, dev: 0, fit: 1500, test: 1440 },
      groups: 3000,
      seal: { hash, rows: 1440, look: 2 },
    },
    tasks: [
      {
        name: 'damaged',
        kind: 'label',
        metric: 'macro-f1',
        student: 'linear',
        skipped: null,
        trainWordings: [
          'Was the aircraft damaged?\n{{ report }}',
          'Read the report and say whether there was damage: {{ report }}',
        ],
        heldOutWordings: ['{{ report }}\n\nDamage, yes or no?'],
      },
      {
        name: 'severity',
        kind: 'label',
        metric: 'macro-f1',
        student: 'linear',
        skipped: null,
        trainWordings: ['How badly was the aircraft damaged?\n{{ report }}'],
        heldOutWordings: ['{{ report }}\n\nGrade the damage.'],
      },
      {
        name: 'facts',
        kind: 'fields',
        metric: 'field-f1',
        student: null,
        skipped: 'the linear student learns label tasks alone; this one asks for a JSON object.',
        trainWordings: ['Write the facts as JSON: {{ sentence }}'],
        heldOutWordings: [],
      },
      {
        name: 'question',
        kind: 'text',
        metric: 'token-f1',
        student: null,
        skipped: 'the linear student learns label tasks alone; this one asks for free text.',
        trainWordings: ['{{ question }}\n{{ report }}'],
        heldOutWordings: ['{{ report }}\n{{ question }}'],
      },
    ],
    gaps,
    generation,
    private: {
      figures: [
        {
          name: 'synthesizer: matches with private rows',
          value: 0.012,
          interval: { low: 0.006, high: 0.021 },
          floor: 0.011,
          ceiling: null,
          threshold: 0.02,
          pass: true,
          note: 'Share of synthetic rows that equal a private row, read against the rate at which held-out real rows equal one by chance.',
        },
        {
          name: 'synthesizer: membership inference, AUC',
          value: 0.534,
          interval: { low: 0.507, high: 0.561 },
          floor: 0.5,
          ceiling: null,
          threshold: 0.55,
          pass: true,
          note: 'How well the distance to the nearest synthetic row tells rows it was fitted on from rows it never saw; 0.5 is a coin.',
        },
        {
          name: 'synthesizer: pairs of columns, accuracy',
          value: 0.962,
          interval: null,
          floor: 0.921,
          ceiling: 0.978,
          threshold: null,
          pass: null,
          note: 'Floor: independent columns. Ceiling: as many held-out real rows.',
        },
      ],
    },
    arms,
    uplift,
    exploratory: [
      exploratory('without-private', 0.007, 0.046),
      exploratory('synthetic', 0.023, 0.05),
      exploratory('real-repeated', -0.063, 0.034),
    ],
    preview: reportedPreview(),
    equivalents,
    ...exploratorySections,
    artifacts: [
      { path: 'arms/with-private/train.parquet', hash },
      { path: 'arms/with-private/train.jsonl', hash },
      { path: 'rejected.parquet', hash },
    ],
    notes: [
      'Damage codes "M?" (damage of unknown extent) and "D" (destroyed) have 31 and 4 rows in all; "M?" was dropped.',
      'Columns cost_repairs and cost_other give the answer away and are never read.',
    ],
  }
  return { ...figures, answer: writeAnswer(figures) }
}

/** A scarce run that shows nothing for its one task, without attributes, private rows or a seal. */
export function scarceReport(): Report {
  const { preview: _preview, ...report } = sealedReport()
  const [first] = report.uplift
  const figures: Report = {
    ...report,
    regime: 'scarce',
    data: {
      ...report.data,
      split: { train: 80, dev: 0, fit: 0, test: 0 },
      seal: null,
      sources: report.data.sources.slice(0, 1),
    },
    tasks: report.tasks.slice(0, 1),
    gaps: {
      ...gaps,
      rows: 80,
      mixture: 80,
      attributes: [],
      pairs: [],
      ranked: [],
      coverage: [],
      unseen: [],
      conflicts: { duplicates: 0, tasks: [], examples: [] },
      curves: [],
    },
    generation: { generators: report.generation.generators.slice(0, 1), cells: [], sampleAccepted: [] },
    private: { figures: [] },
    uplift: [
      {
        ...first!,
        value: -0.084,
        interval: { low: -0.151, high: -0.017 },
        verdict: 'hurts',
        replicates: 25,
        items: 80,
        smallestDetectable: { before: null, after: 0.091 },
        cautions: ['Folds overlap: the variance is corrected after Nadeau and Bengio (2003).'],
      },
    ],
    exploratory: [],
    equivalents: [],
    calibration: [],
    slices: [],
    artifacts: [],
    notes: [],
  }
  return { ...figures, answer: writeAnswer(figures) }
}

/** Times as a run on a laptop might take them. */
export function timing(): Timing {
  return {
    steps: [
      { name: 'prepare', seconds: 0.4, skipped: true },
      { name: 'gaps', seconds: 0.1, skipped: true },
      { name: 'fit:synthesizer', seconds: 3.3, skipped: false, memory: 310_000_000 },
      { name: 'fill:with-private@0', seconds: 4.1, skipped: false, memory: 280_000_000 },
      { name: 'fill:with-private@1', seconds: 4.2, skipped: false, memory: 281_000_000 },
      { name: 'tune:with-private@0', seconds: 10.4, skipped: true },
      { name: 'tune:with-private@1', seconds: 10.8, skipped: false, memory: 402_000_000 },
      { name: 'evaluate', seconds: 2.2, skipped: false, memory: 240_000_000 },
    ],
    total: 38.4,
    predicted: 45,
  }
}
