import { z } from 'zod'

/** Shares, scores and differences are fractions (0.061 is 6.1 points); intervals hold 95 %. Times are not here. */
const fraction = z.number().min(0).max(1)
const count = z.int().min(0)
const value = z.union([z.string(), z.number(), z.boolean(), z.null()])
const cell = z.record(z.string(), value)
const interval = z.strictObject({ low: z.number(), high: z.number() })
const share = z.enum(['anyone', 'local'])

const source = z.strictObject({
  name: z.string(),
  file: z.string(),
  use: z.enum(['train', 'fit', 'test']),
  share,
  rows: count,
  /** Columns that were never read. */
  dropped: z.array(z.string()),
  /** Records that could not be read and were set aside; left out where there are none. */
  setAside: count.optional(),
})

const data = z.strictObject({
  sources: z.array(source),
  /** Rows of each part. `train` are the real examples. */
  split: z.strictObject({ train: count, dev: count, fit: count, test: count }),
  /** Groups that no split parts. */
  groups: count,
  /** Null where nothing is sealed (the scarce regime). `look` counts the evaluations of this seal, from 1. */
  seal: z.strictObject({ hash: z.string(), rows: count, look: z.int().min(1) }).nullable(),
})

const task = z.strictObject({
  name: z.string(),
  kind: z.enum(['label', 'fields', 'text', 'number', 'chat']),
  /** Its one primary metric. */
  metric: z.string(),
  /** Who answered; null where it was skipped. */
  student: z.string().nullable(),
  /** Why no student learned it; null where one did. */
  skipped: z.string().nullable(),
  trainWordings: z.array(z.string()),
  /** Wordings that only dev and test use. */
  heldOutWordings: z.array(z.string()),
})

/** `target` is the wanted share; `need` the examples missing for a mixture of `gaps.mixture` to reach it. */
const tally = { count, target: z.number().min(0), need: count }

const scorePoint = z.strictObject({ examples: count, score: z.number(), interval })

/** What the student's errors on real training rows that it did not see say of a task. Never of test rows. */
const curve = z.strictObject({
  task: z.string(),
  metric: z.string(),
  /** Examples learned from and answered, of so many. */
  examples: count,
  of: count,
  /** The student on growing parts of the training rows. */
  points: z.array(scorePoint),
  /** Expected with what there is, with twice and with four times as much; empty where nothing can be foretold. */
  ahead: z.array(scorePoint),
  /** Further examples until the score is `gain` better; `high` is null where it may never be. */
  more: z.strictObject({ gain: fraction, examples: count, low: count, high: count.nullable() }).nullable(),
  exponent: z.number().nullable(),
  says: z.string(),
  /** The worst values and pairs of values. `expected` is drawn towards the whole's error; `clear` is beyond chance. */
  slices: z.array(
    z.strictObject({
      cell,
      count,
      error: fraction,
      interval,
      expected: fraction,
      clear: z.boolean(),
      need: count,
      why: z.string(),
    }),
  ),
  /** Labels that the student doubts. Null where it has no say. Rows that may not leave the machine are counted alone. */
  labels: z
    .strictObject({
      examples: count,
      disputed: count,
      share: fraction,
      suspects: z.array(
        z.strictObject({ row: z.string(), given: z.string(), suggested: z.string(), confidence: fraction }),
      ),
    })
    .nullable(),
})

/** What of an open column was never seen: values, or words and beginnings of sentences. */
const unseen = z.strictObject({
  column: z.string(),
  of: z.enum(['values', 'words', 'openings']),
  rows: count,
  seen: count,
  once: count,
  /** Probability that the next one met was never seen (Good and Turing). */
  mass: fraction,
  interval,
  /** How many there are at least (Chao). */
  atLeast: count,
  atLeastInterval: interval,
  rowsToHalve: count.nullable(),
  need: count.nullable(),
  why: z.string(),
})

/** Combinations of so many attributes' values that the rows show. `need`: rows that would show the others. */
const coverage = z.strictObject({
  order: z.int().min(2),
  possible: count,
  seen: count,
  unseen: fraction,
  need: count.nullable(),
  missing: z.array(z.strictObject({ cell, expected: z.number().min(0), why: z.string() })),
})

const conflicts = z.strictObject({
  /** Rows that repeat an earlier one. */
  duplicates: count,
  /** Rows that ask what another asks, and answer otherwise or the same. */
  tasks: z.array(z.strictObject({ task: z.string(), conflicting: count, repeating: count })),
  examples: z.array(
    z.strictObject({ task: z.string(), rows: z.array(z.string()), answers: z.array(z.string()) }),
  ),
})

const gaps = z.strictObject({
  /** Real training rows, and the size of the mixture that the needs are counted for. */
  rows: count,
  mixture: count,
  attributes: z.array(
    z.strictObject({
      name: z.string(),
      values: z.array(z.strictObject({ value, share: fraction, ...tally })),
    }),
  ),
  pairs: z.array(
    z.strictObject({
      attributes: z.tuple([z.string(), z.string()]),
      cells: z.array(z.strictObject({ values: z.tuple([value, value]), ...tally })),
    }),
  ),
  /** Empty and thin cells, the widest gap first. */
  ranked: z.array(z.strictObject({ cell, ...tally, why: z.string() })),
  coverage: z.array(coverage),
  unseen: z.array(unseen),
  conflicts,
  /** Training rows whose content is that of a dev or test row. */
  repeatedInTest: count,
  curves: z.array(curve),
})

const generator = z.strictObject({
  name: z.string(),
  kind: z.enum(['rules', 'seeds', 'records']),
  /** What it was fitted on; null where it is not fitted. */
  fittedOn: z.strictObject({ rows: count, share }).nullable(),
  /** The privacy guarantee that its rows carry. */
  guarantee: z.literal('none'),
})

const filling = z.strictObject({
  mixture: z.string(),
  generator: z.string(),
  cell,
  wanted: count,
  accepted: count,
  tried: count,
  /** Rejected candidates by reason. */
  reasons: z.record(z.string(), count),
  /** Why fewer were accepted than wanted; null where the cell is full. */
  why: z.string().nullable(),
})

const generation = z.strictObject({
  generators: z.array(generator),
  /** The advice that the first mixture was filled by: its requests and their rows, in a passage with all training rows. Absent without. */
  advice: z.strictObject({ mixture: z.string(), requests: count, rows: count }).optional(),
  cells: z.array(filling),
  /** A few accepted rows to look at. Rows that descend from local data have no place here. */
  sampleAccepted: z.array(z.strictObject({ generator: z.string(), share: z.literal('anyone'), row: cell })),
})

const metric = z.strictObject({
  name: z.string(),
  value: z.number(),
  interval: interval.nullable(),
  /** What the figure is read against: the value with no skill or no memory, and the best that can be had. */
  floor: z.number().nullable(),
  ceiling: z.number().nullable(),
  /** Where passing begins; `pass` is null where nothing is asked. */
  threshold: z.number().nullable(),
  pass: z.boolean().nullable(),
  note: z.string().nullable(),
})

const score = z.strictObject({ mean: z.number(), sd: z.number().min(0), interval: interval.nullable() })

const arm = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** Over the tasks that the student learned; over all where it learned none. */
  examples: count,
  real: count,
  synthetic: count,
  classWeights: z.enum(['none', 'balanced']),
  tasks: z.array(
    z.strictObject({
      task: z.string(),
      /** By metric name. */
      scores: z.record(z.string(), score),
      /** `support`: held-out real rows of the class. */
      recall: z.array(
        z.strictObject({
          label: z.string(),
          support: count,
          recall: fraction,
          interval: interval.nullable(),
        }),
      ),
      /** Share of the answers that could not be read; they count as wrong. */
      unparsed: fraction,
    }),
  ),
})

const uplift = z.strictObject({
  task: z.string(),
  metric: z.string(),
  arm: z.string(),
  /** The better of the arms without synthetic examples, chosen without the test rows. */
  rival: z.string(),
  whyRival: z.string(),
  armScore: z.number(),
  rivalScore: z.number(),
  /** How much better the arm is than the rival: above zero, synthetic examples helped. */
  value: z.number(),
  interval,
  p: fraction,
  /** After Holm over the tasks. */
  pAdjusted: fraction,
  verdict: z.enum(['helps', 'no-evidence', 'hurts']),
  confirmatory: z.literal(true),
  /** Smallest difference that would be found four times in five: expected before the run, and as measured after it. */
  smallestDetectable: z.strictObject({ before: z.number().nullable(), after: z.number().nullable() }),
  /** Difference below which the user does not care. */
  worth: z.number().min(0),
  /** Further labelled rows with which `worth` could be shown; null where these suffice, or it cannot be told. */
  rowsToCollect: count.nullable(),
  /** Seeds (or repeats) that it takes beside them; null where the present ones do. */
  replicatesToRun: count.nullable(),
  method: z.string(),
  /** Seeds, or folds times repeats. */
  replicates: count,
  /** Held-out real examples scored in each. */
  items: count,
  cautions: z.array(z.string()),
})

const exploratory = z.strictObject({
  task: z.string(),
  metric: z.string(),
  arm: z.string(),
  rival: z.string(),
  value: z.number(),
  interval,
})

/** How the loss of one arm's decoder fell in the first replicate; in nats a learned token. */
const training = z.strictObject({
  task: z.string(),
  arm: z.string(),
  /** Taken, and planned: fewer were taken where dev rows said to stop. */
  updates: count,
  planned: count,
  /** Means over parts of the updates, each up to and with update `upTo`. */
  losses: z.array(z.strictObject({ upTo: count, loss: z.number().min(0) })),
  epochs: z.array(
    z.strictObject({
      epoch: count,
      steps: count,
      trainLoss: z.number().min(0),
      devLoss: z.number().min(0).nullable(),
    }),
  ),
})

/** A decoder beside the student, on few arms, seeds and held-out rows: exploratory, and without a verdict. */
const preview = z.strictObject({
  /** What it started from; null for one from scratch. */
  base: z.string().nullable(),
  /** Numbers in its weights. */
  weights: count,
  /** Every arm, all seeds and all held-out rows. */
  full: z.boolean(),
  seeds: count,
  /** Held-out rows that it was asked, of how many. */
  rows: count,
  ofRows: count,
  /** In a sentence. */
  says: z.string(),
  tasks: z.array(
    z.strictObject({
      task: z.string(),
      kind: z.string(),
      metric: z.string(),
      items: count,
      /** Score of the commonest real answer, given to every request. */
      floor: z.number(),
      /** Whether some arm is better than that by its interval. */
      learned: z.boolean(),
      arms: z.array(
        z.strictObject({
          arm: z.string(),
          /** The task's metric first. */
          figures: z.array(score.extend({ metric: z.string() })),
          unparsed: fraction,
          /** To the real examples alone; positive where it is better. Null for those. */
          difference: z.strictObject({ value: z.number(), interval }).nullable(),
        }),
      ),
      /** In a sentence. */
      says: z.string(),
    }),
  ),
  /** Of the decoder of each arm, for all its tasks. */
  training: z.array(training.omit({ task: true })),
})

/** How many real examples the synthetic ones of a task's confirmatory arm stood in for: exploratory. */
const equivalent = z.strictObject({
  task: z.string(),
  metric: z.string(),
  arm: z.string(),
  rival: z.string(),
  real: count,
  synthetic: count,
  /** The rival on growing parts of the real examples, by held-out rows; the last is all of them. */
  points: z.array(scorePoint),
  /** The power law through the points and beyond; empty where none is drawn. */
  law: z.array(scorePoint),
  armScore: z.number(),
  armInterval: interval,
  /** Further real examples that would have done as much. A figure at an end of `reach` may lie beyond. Null where it cannot be told. */
  worth: z.strictObject({ value: z.int(), low: z.int(), high: z.int() }).nullable(),
  reach: z.strictObject({ low: z.int(), high: z.int() }),
  /** In a sentence. */
  says: z.string(),
})

/** Whether an arm's probabilities of its answers are to be believed. Log loss is in nats. */
const armCalibration = z.strictObject({
  arm: z.string(),
  /** Mean probability less share right: above 0 it is overconfident. */
  overconfidence: score,
  /** Expected calibration error over 15 bins of equal mass (fewer where they would hold under 20), and what chance makes of it. */
  error: score,
  byChance: z.number().min(0),
  /** Of the given answer: reliability - resolution + uncertainty + within. */
  brier: score,
  brierParts: z.strictObject({
    reliability: z.number(),
    resolution: z.number(),
    uncertainty: z.number(),
    within: z.number(),
  }),
  logLoss: score,
  /** Ten of equal mass, over the answers of all replicates. */
  bins: z.array(z.strictObject({ count, confidence: fraction, accuracy: fraction })),
})

const calibration = z.strictObject({
  task: z.string(),
  arm: z.string(),
  rival: z.string(),
  /** The mixed arm first, then its rival. */
  arms: z.array(armCalibration),
  /** By how much more overconfident the mixed arm is than its rival. */
  change: z.strictObject({ value: z.number(), interval }),
  says: z.string(),
})

/** The uplift on parts of the held-out rows: exploratory. */
const taskSlices = z.strictObject({
  task: z.string(),
  /** `accuracy` where the task's metric is no figure of a slice. */
  metric: z.string(),
  arm: z.string(),
  rival: z.string(),
  /** Best first. */
  tested: z.array(
    z.strictObject({
      attribute: z.string(),
      value: z.string(),
      items: count,
      armScore: z.number(),
      rivalScore: z.number(),
      uplift: z.number(),
      interval,
      p: fraction,
      /** After Holm over the slices of the task. */
      pAdjusted: fraction,
    }),
  ),
  /** Slices with too few rows to be tested. */
  small: count,
  says: z.string(),
})

const amount = { perReal: z.number().min(0), keep: z.enum(['all', 'half']) }

/** How much of a mixture to take, by cross-validation within the training rows. Scores are means over the tasks. */
const search = z.strictObject({
  mixture: z.string(),
  /** What was found, in words. */
  says: z.string(),
  /** Tasks whose mean score decides, and those that follow since the student cannot learn them. */
  tasks: z.array(z.string()),
  following: z.array(z.string()),
  metrics: z.array(z.string()),
  declared: z.strictObject(amount),
  /** One for the whole run where the test is sealed, else one in each replicate, on the training rows of its fold. */
  passes: z.array(
    z.strictObject({
      replicate: count,
      rows: count,
      /** Why nothing could be compared; null where it was. */
      unsearched: z.string().nullable(),
      choice: z.strictObject({
        ...amount,
        C: z.number().gt(0),
        outcome: z.enum(['found', 'real-only', 'declared', 'unsearched']),
      }),
      /** Standard errors by which an amount had to be better than real only: more, the more were compared. */
      asked: z.number().min(1),
      /** Smallest true gain over real only that the rule finds four times in five. */
      detectable: z.number().min(0).nullable(),
      rungs: z.array(
        z.strictObject({
          rows: count,
          repeats: count,
          /** Spearman's rank correlation with the rung before; null where there is none. */
          correlation: z.number().nullable(),
          /** Arms that went no further. */
          pruned: count,
          arms: z.array(
            z.strictObject({
              ...amount,
              C: z.number().gt(0),
              score: z.number(),
              /** To real only, pair by pair, and its standard error. */
              difference: z.number(),
              standardError: z.number().min(0),
            }),
          ),
        }),
      ),
    }),
  ),
})

/** From examples drawn evenly. `rate`: accepted of decided, where a dispute counts as not accepted; null where none is decided. */
const acceptance = z.strictObject({
  generator: z.string(),
  decided: count,
  accepted: count,
  fixed: count,
  rejected: count,
  disputed: count,
  rate: fraction.nullable(),
  interval,
})

/** What people decided before this run on examples of earlier ones. They are not named. */
const review = z.strictObject({
  reviews: z.array(
    z.strictObject({
      run: z.string(),
      mixture: z.string(),
      /** True where reviewers could not see what was synthetic. */
      blind: z.boolean(),
      items: count,
      decided: count,
      reviewers: count,
      /** By generator; `real` for the real examples of a blind review. */
      acceptance: z.array(acceptance),
      overall: acceptance,
      /** Krippendorff's alpha of all reviewers; null where it is not defined. */
      alpha: z.number().max(1).nullable(),
      /** Cohen's kappa of every two reviewers, on the examples that both decided. */
      kappas: z.array(z.strictObject({ items: count, kappa: z.number().max(1).nullable() })),
      disputes: count,
      /** Reasons are left out where they are about rows that may not leave the machine. */
      rejectedKinds: z.array(
        z.strictObject({
          generator: z.string(),
          what: cell,
          decided: count,
          rejected: count,
          reasons: z.record(z.string(), count),
          /** True where the generator is kept from it. */
          avoided: z.boolean(),
        }),
      ),
    }),
  ),
  /** Rows that must not come in again, and rows that were put right. */
  turnedDown: count,
  fixes: count,
  /** Rows that were put right and came in, by mixture, in the first replicate. */
  entered: z.array(z.strictObject({ mixture: z.string(), rows: count })),
})

/** What `report.json` holds. A change that old readers would stumble over raises `version`. */
export const reportSchema = z.strictObject({
  version: z.literal(1),
  project: z.strictObject({ name: z.string(), seed: count, hash: z.string() }),
  regime: z.enum(['sealed', 'scarce']),
  /** One sentence each: what is missing, whether synthetic examples helped, what to collect next. */
  answer: z.strictObject({ missing: z.string(), helped: z.string(), next: z.string() }),
  data,
  tasks: z.array(task),
  gaps,
  generation,
  /** Absent where nobody has decided anything. */
  review: review.optional(),
  /** Absent where no mixture is searched. */
  search: z.array(search).optional(),
  /** How near the synthetic rows are to private ones. */
  private: z.strictObject({ figures: z.array(metric) }),
  arms: z.array(arm),
  /** The one confirmatory comparison of each task. */
  uplift: z.array(uplift),
  /** Absent where the student is trained at once. */
  training: z.array(training).optional(),
  /** Absent where the project asks for none, or has no sealed rows. */
  preview: preview.optional(),
  exploratory: z.array(exploratory),
  /** Empty where the project asks for no curve (`evaluate.curve`). */
  equivalents: z.array(equivalent),
  /** Of the tasks whose student gives probabilities. */
  calibration: z.array(calibration),
  slices: z.array(taskSlices),
  /** What the run made; paths are relative to the run's folder. */
  artifacts: z.array(z.strictObject({ path: z.string(), hash: z.string() })),
  notes: z.array(z.string()),
})

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T

export type Report = Frozen<z.output<typeof reportSchema>>
export type Answer = Report['answer']
