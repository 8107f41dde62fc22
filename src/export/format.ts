import type { Example } from '../data/example.ts'
import type { BaseModel } from './base-model.ts'
import type { Training } from './training.ts'

/** One file of an export, in pieces: it may hold a million lines. */
export interface ExportFile {
  /** Relative to the folder of the export, with forward slashes. */
  readonly path: string
  readonly content: Iterable<string>
}

/** What is exported: one training set, the real rows to evaluate on, and how to train. */
export interface DataExport {
  /** Name of the export: of its folder, of the adapter, and of the job where it is hosted. */
  readonly name: string
  readonly train: readonly Example[]
  /** Real development rows; empty where the project keeps none. Never a part of `train`. */
  readonly evaluation: readonly Example[]
  /** Tasks whose conversations are learned in all their answers, and not in the last alone. */
  readonly learnAll: ReadonlySet<string>
  readonly base: BaseModel
  readonly training: Training
}

/** What a trainer refuses or drops without a word: checked before anything is written. */
export interface Demands {
  /** Fewest training examples. */
  readonly fewest: number
  /** Fewest evaluation examples; 0 where it trains without. */
  readonly fewestEvaluation: number
  /** True where user and assistant must take turns. */
  readonly alternating: boolean
  /** Answers of a conversation that it learns: the last alone, all of them, or those that are marked. */
  readonly learns: 'last' | 'all' | 'marked'
  /** True where the data go to somebody else's machine. */
  readonly hosted: boolean
  /** Largest file, in bytes. */
  readonly largestFile: number
}

/** A trainer's format. Pure: examples and settings in, files out. */
export interface ExportFormat {
  /** What `--to` takes. */
  readonly name: string
  readonly title: string
  /** Package and version that the files were checked against. */
  readonly checkedAgainst: string
  /** The model that is tuned where no other is named. */
  readonly defaultBase: string
  readonly demands: Demands
  /** The command that trains, typed in the folder of the export. */
  readonly command: string
  /** What this format cannot carry, or a person must know, in full sentences. */
  notes(data: DataExport): readonly string[]
  files(data: DataExport): readonly ExportFile[]
}

/** JSON Lines of anything, a line at a time. */
export function* jsonLines<Item>(items: Iterable<Item>, toRecord: (item: Item) => unknown): Iterable<string> {
  for (const item of items) yield `${JSON.stringify(toRecord(item))}\n`
}
