/**
 * The library: a project read and run, and the stages of the loop as plain functions over plain data.
 * What is not exported here may change without notice.
 */
export { type Context, createContext } from './context.ts'
export { UserError } from './error.ts'
export { defineProject } from './project/define.ts'
export { checkProject, type LoadedProject, loadProject } from './project/project.ts'
export { type Project, type ProjectInput, projectSchema } from './project/schema.ts'
export { type RunEvents, type RunOptions, type RunResult, planProject, runProject } from './run/run.ts'
export type { Plan, PlannedStep } from './run/plan.ts'
export { type Report, reportSchema } from './report/report-schema.ts'
export { renderReport } from './report/render.ts'
export { type Timing, timingSchema } from './report/timing-schema.ts'

export type { Attributes, Example, Message } from './data/example.ts'
export { type ExampleFiles, writeExampleFiles } from './data/example-files.ts'
export { type Fingerprints, fingerprintTexts } from './data/fingerprint.ts'
export type { Origin, RealOrigin, Share, SyntheticOrigin, Use } from './data/origin.ts'
export { createRandom, type Random } from './data/random.ts'
export { readSource, type SourceFile, type SourceRows } from './data/read.ts'
export type { Row, TracedRow, Value } from './data/row.ts'
export { type Column, conformRows, inferSchema, type Schema } from './data/schema.ts'
export { type Fold, splitFolds } from './data/folds.ts'
export { type RowSplit, splitRows } from './data/split.ts'
export { readExamples, writeExamples } from './data/parquet.ts'
export {
  createNearDuplicateIndex,
  type NearDuplicateIndex,
  type Shingles,
  shingles,
} from './stats/minhash.ts'
export { words } from './stats/ngrams.ts'
export { createRougeIndex, type RougeIndex, type RougeMatch } from './stats/rouge-index.ts'

export { renderExample, type ResolvedTask, resolveTask } from './task/render.ts'
export { parseAnswer } from './task/parse.ts'
export { scoreItem } from './task/score.ts'
export { answerSchema } from './task/answer-schema.ts'
export { type Task, taskSchema } from './task/task.ts'

export { type CellRequest, type Gaps, measureGaps, planCells } from './gaps/measure.ts'
export { defineGenerator, type Generator } from './generate/generator.ts'
export { recordsGenerator } from './generate/records/records.ts'
export { recordsOptions } from './generate/records/options.ts'
export { rulesGenerator } from './generate/rules/rules.ts'
export { rulesOptions } from './generate/rules/options.ts'
export type { Candidate } from './validate/candidate.ts'
export { type Judged, judgeEach } from './validate/judge-each.ts'
export { findPersonalData, type PersonalDataKind } from './validate/personal-data.ts'
export { createValidation, type Validation, type ValidationSettings } from './validate/validation.ts'
export type { Verdict } from './validate/verdict.ts'
export { measureCopying } from './validate/copying.ts'
export { type Arm, makeArms } from './mix/arms.ts'
export { createStudent } from './student/create.ts'
export type { Prediction, Student, TrainingSet } from './student/student.ts'
export { crossValidate } from './student/cross-validate.ts'
export { type TunedModels, tuneArm } from './tune/tune.ts'
export type { Metric } from './evaluate/metric.ts'
export type { Answer, Outcome } from './evaluate/outcome.ts'
export { chooseRival } from './evaluate/rival.ts'
export { measureUplift, type Uplift } from './evaluate/uplift.ts'
export { decideVerdicts, type JudgedUplift } from './evaluate/verdict.ts'
