import { z } from 'zod'
import { recordsOptions } from '../generate/records/options.ts'
import { rulesOptions } from '../generate/rules/options.ts'
import { seedsOptions } from '../generate/rules/seeds/options.ts'
import { decoderOptions, linearOptions } from '../student/options.ts'
import { taskSchema } from '../task/task.ts'

const nameWords = 'a name of lower-case letters, digits and dashes that starts with a letter'
/** Fewest rows of a sealed test set; below, the scarce regime. */
export const fewestSealedRows = 200

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, nameWords)
  .describe(nameWords)
const value = z.union([z.string(), z.number(), z.boolean(), z.null()])

const source = z.strictObject({
  /** File beside the project file: CSV, TSV, JSONL, Parquet or XLSX; `.gz` of the text formats too. */
  path: z.string().min(1),
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet', 'xlsx']).optional(),
  use: z.enum(['train', 'fit', 'test']),
  share: z.enum(['anyone', 'local']).default('anyone'),
  /** Only records whose columns have these values. */
  where: z.record(z.string(), value).optional(),
  /** Column that holds what must not be parted: a document, an author, a patient. */
  group: z.string().optional(),
  /** Columns never read: those that give the answer away, or that nobody may see. */
  drop: z.array(z.string()).default([]),
})

const column = z.strictObject({
  kind: z.enum(['category', 'integer', 'real', 'date', 'boolean', 'text', 'id']).optional(),
  /** Jinja over the other columns: the column is computed after reading and after generating. */
  derive: z.string().optional(),
})

const validation = z.strictObject({
  /** Fewest and most characters of a response. */
  minimumLength: z.int().min(1).default(1),
  maximumLength: z.int().min(1).default(20_000),
  /** Jaccard similarity of word shingles from which two are near-duplicates. */
  nearDuplicate: z.number().min(0.1).max(1).default(0.85),
  /**
   * ROUGE-L above which an instruction is not new. `auto`: 0.7 for conversations, none for rows that templates render,
   * since those are alike by design. A number holds for rows with free text too.
   */
  rouge: z.union([z.enum(['auto', 'off']), z.number().min(0.1).lt(1)]).default('auto'),
  personalData: z.enum(['reject', 'report', 'off']).default('reject'),
  /** Compulsory; `off` only together with a reason, which the report prints. */
  contamination: z
    .union([z.literal('reject'), z.strictObject({ off: z.string().min(10) })])
    .default('reject'),
  /** Candidates made at most for each one asked for. */
  tries: z.int().min(1).max(1000).default(20),
})

const mixture = z.strictObject({
  /** Names of the generators whose examples it takes, in equal parts. */
  generators: z.array(name).min(1),
  /** Synthetic examples for each real one. */
  perReal: z.number().gt(0).max(1000).default(10),
  /** Looks for a better amount by the training rows alone. Left out, `perReal` is taken as it is. */
  search: z
    .strictObject({
      /** Amounts that are compared; real only is always one of them. */
      perReal: z.array(z.number().min(0).max(1000)).min(1).max(12).default([0, 1, 3, 10]),
      /** `half`: of so many rows, the half whose labels a student of the real rows finds likeliest. */
      keep: z
        .array(z.enum(['all', 'half']))
        .min(1)
        .default(['all', 'half']),
      /** Inverse strengths of the student's penalty, tuned in every arm. */
      C: z.array(z.number().gt(0)).min(1).max(8).default([2, 20, 200]),
    })
    .optional(),
})

/** The project file: what `tilth.config.ts` and `tilth.yaml` hold. */
export const projectSchema = z.strictObject({
  name,
  seed: z.int().min(0).default(1),
  sources: z.record(name, source),
  columns: z.record(z.string(), column).default({}),
  /** Jinja conditions that hold in every row that is made, for example `speed is none or speed <= 400`. */
  constraints: z.array(z.string()).default([]),
  split: z
    .strictObject({
      /** Share of the training rows kept for dev. */
      dev: z.number().min(0).max(0.5).default(0),
      /** Share of the training rows sealed as test set where no source is `use: test`; 0 asks for the scarce regime. */
      test: z.number().min(0).max(0.9).default(0.3),
      /** Column whose shares the parts keep; left out, the answer of the first label task. */
      stratify: z.string().optional(),
    })
    .prefault({}),
  tasks: z.record(name, taskSchema),
  /** Columns that examples must cover: gaps are counted over them. */
  attributes: z.array(z.string()).default([]),
  /** Wanted share of each value of an attribute; `uniform` for equal ones, `real` to keep those of the training rows. */
  target: z
    .record(z.string(), z.union([z.enum(['uniform', 'real']), z.record(z.string(), z.number().min(0))]))
    .default({}),
  generators: z.record(
    name,
    z.discriminatedUnion('use', [
      rulesOptions.extend({ use: z.literal('rules') }),
      seedsOptions.extend({ use: z.literal('seeds') }),
      recordsOptions.extend({
        use: z.literal('records'),
        /** Sources it is fitted on; left out, the training rows. */
        fitOn: z.array(name).optional(),
      }),
    ]),
  ),
  validate: validation.prefault({}),
  /** The first is the one the verdict is about; the others stand beside it. */
  mixtures: z.record(name, mixture),
  student: z.discriminatedUnion('use', [linearOptions, decoderOptions]).prefault({ use: 'linear' }),
  evaluate: z
    .strictObject({
      /** `auto`: sealed from 200 test rows on, scarce below. */
      regime: z.enum(['auto', 'sealed', 'scarce']).default('auto'),
      seeds: z.int().min(5).max(100).default(5),
      /** Scarce regime: repeats of the outer cross-validation, and its folds. */
      repeats: z.int().min(1).max(50).default(5),
      folds: z.int().min(2).max(20).default(5),
      /** Points of the primary metric below which a difference is not worth the trouble. */
      worth: z.number().gt(0).max(100).default(5),
      /** Trains on growing parts of the real rows too, to tell how many real ones the synthetic ones were worth. */
      curve: z.boolean().default(true),
    })
    .prefault({}),
  /** A decoder on few arms, seeds and test rows beside the student, to see which way the tasks move. */
  preview: z
    .strictObject({
      student: decoderOptions.prefault({ use: 'decoder' }),
      /** Left out, all. */
      tasks: z.array(name).min(1).optional(),
      /** At most those of `evaluate.seeds`. */
      seeds: z.int().min(2).max(100).default(3),
      testRows: z.int().min(20).default(200),
      /** Every arm, all seeds and all test rows. */
      full: z.boolean().default(false),
    })
    .optional(),
})

/** The canonical project: plain data with every default filled in. */
export type Project = z.output<typeof projectSchema>
/** What a person writes. */
export type ProjectInput = z.input<typeof projectSchema>
