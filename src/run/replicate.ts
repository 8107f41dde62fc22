import { createRandom } from '../data/random.ts'
import type { TracedRow } from '../data/row.ts'
import { type SealedSet, sealRows } from '../data/seal.ts'
import type { Fingerprints } from '../data/fingerprint.ts'
import { splitFolds } from '../data/folds.ts'
import type { Project } from '../project/schema.ts'
import { fingerprintRows, type Prepared, stratifyOf } from './steps/prepare.ts'

/** One passage of the loop: rows it may learn from, and rows it is scored on and knows nothing of. */
export interface Replicate {
  /** From 0. In the scarce regime repeat x folds + fold. */
  readonly index: number
  /** Seed of everything random in it. */
  readonly seed: number
  readonly train: readonly TracedRow[]
  /** Rows that synthesizers may be fitted on besides. */
  readonly fit: readonly TracedRow[]
  /** Rows of local sources kept from every fit, to tell copying from chance. */
  readonly spared: readonly TracedRow[]
  readonly sealed: SealedSet
  /** One-way fingerprints of the dev and held-out rows. */
  fingerprints(): Fingerprints
}

/** The passage over all training rows, which holds none out and is never scored. */
export interface PublishedReplicate extends Omit<Replicate, 'index'> {
  readonly index: 'all'
}

/** Of the local rows, one in this many is spared in each replicate, another part each time. */
const spareParts = 5

/**
 * The replicates of a run. Sealed: the real rows are fixed and seeds vary generation and training.
 * Scarce: repeated cross-validation, each fold's rows sealed from the loop that is refitted on the others.
 */
export function makeReplicates(project: Project, prepared: Prepared, seed: number): readonly Replicate[] {
  const { evaluate } = project
  const held =
    prepared.regime === 'sealed'
      ? Array.from({ length: evaluate.seeds }, () => ({
          train: prepared.train,
          sealed: prepared.sealed,
          fingerprints: () => prepared.fingerprints,
        }))
      : Array.from({ length: evaluate.repeats }, (_, repeat) =>
          foldsOf(project, prepared, seed, repeat),
        ).flat()
  return held.map((parts, index) => ({
    index,
    seed: replicateSeed(seed, index),
    ...parts,
    ...spareRows(prepared.fit, seed, index),
  }))
}

/** Seed of everything random in a replicate of a run with this seed. */
export function replicateSeed(seed: number, index: number): number {
  return seed * 1000 + index
}

/** The passage whose mixtures are published in the scarce regime; its seed is that of a last replicate. */
export function makePublishedReplicate(
  project: Project,
  prepared: Prepared,
  seed: number,
): PublishedReplicate {
  return {
    index: 'all',
    seed: seed * 1000 + 999,
    train: prepared.train,
    sealed: sealRows([]),
    fingerprints: () => fingerprintRows(project, prepared.tasks, prepared.dev),
    fit: prepared.fit,
    spared: [],
  }
}

/** A passage that holds rows out. Throws for the one over all rows, which must not be scored. */
export function scoredReplicate(passage: Replicate | PublishedReplicate | undefined): Replicate {
  if (passage === undefined || passage.index === 'all')
    throw new Error('the passage over all rows holds none out to be scored on')
  return passage
}

/** The passage whose mixtures are written for use elsewhere. */
export function publishedReplicate(regime: Prepared['regime']): 0 | 'all' {
  return regime === 'sealed' ? 0 : 'all'
}

/** Number of replicates that a project asks for. */
export function countReplicates(project: Project, regime: Prepared['regime']): number {
  const { seeds, repeats, folds } = project.evaluate
  return regime === 'sealed' ? seeds : repeats * folds
}

function foldsOf(
  project: Project,
  prepared: Prepared,
  seed: number,
  repeat: number,
): Pick<Replicate, 'train' | 'sealed' | 'fingerprints'>[] {
  const random = createRandom(seed, `outer folds ${repeat}`)
  const stratify = stratifyOf(project)
  const options = { folds: project.evaluate.folds, random, ...(stratify === undefined ? {} : { stratify }) }
  return splitFolds(prepared.train, options).map(({ train, test }) => ({
    train,
    sealed: sealRows(test),
    fingerprints: () => fingerprintRows(project, prepared.tasks, [...prepared.dev, ...test]),
  }))
}

function spareRows(
  fit: readonly TracedRow[],
  seed: number,
  index: number,
): { fit: readonly TracedRow[]; spared: readonly TracedRow[] } {
  const local = createRandom(seed, 'spared').shuffle(fit.filter(({ origin }) => origin.share === 'local'))
  const spared = local.filter((_, position) => position % spareParts === index % spareParts)
  const names = new Set(spared.map(({ id }) => id))
  return { fit: fit.filter(({ id }) => !names.has(id)), spared }
}
