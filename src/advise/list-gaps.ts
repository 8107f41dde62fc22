import { type FoundGaps, type Gap, keyOfCell, nameCell } from './gap.ts'

/** The student's error where nothing was measured: a coin's. */
const unknownError = 0.5
/** What may be chance, or may not exist in the world, counts for half. */
const doubtful = 0.5
/** Fewest real examples of a label that say anything of it. */
const fewestOfLabel = 5
const mostGaps = 40

/**
 * One list of gaps of all kinds, the worst first. What they are ranked by is an estimate of one quantity, the share of new
 * cases that are answered wrong because of the gap: how often such cases come, times how often they go wrong.
 * - a cell: its share short of the target, times the student's error there, or everywhere where it was not measured;
 * - a weak slice: its share, times its error above the whole's; half of it where that may be chance;
 * - a combination never seen: its expected share, times the error; half, since it may not exist;
 * - unseen values and openings: the probability of meeting one (Good and Turing), times the error;
 * - more of the same: what the learning curve expects of twice the examples;
 * - doubtful labels and repeated test rows: their share; contradictions: half of it, since one of two may be right.
 * A cell that is a gap for several reasons is listed once, with the largest of its figures.
 */
export function listGaps(found: FoundGaps): readonly Gap[] {
  const errors = found.curves.flatMap(({ error }) => error ?? [])
  const overall = errors.length === 0 ? unknownError : Math.max(...errors)
  const merged = new Map<string, Gap>()
  for (const gap of [...ofCells(found, overall), ...ofRows(found)]) {
    const key = gap.cell === null ? `${gap.kind} ${gap.what}` : keyOfCell(gap.cell)
    const known = merged.get(key)
    merged.set(key, known === undefined ? gap : joinGaps(known, gap))
  }
  return [...merged.values(), ...ofColumns(found, overall), ...ofVolume(found)]
    .toSorted((a, b) => b.priority - a.priority || (a.what < b.what ? -1 : 1))
    .slice(0, mostGaps)
}

function joinGaps(first: Gap, second: Gap): Gap {
  const [main, other] = second.priority > first.priority ? [second, first] : [first, second]
  return {
    ...main,
    count: Math.max(main.count, other.count),
    real: main.real ?? other.real,
    why: main.kind === other.kind ? main.why : `${main.why}; also: ${other.why}`,
  }
}

function ofCells(found: FoundGaps, overall: number): readonly Gap[] {
  const errorAt = new Map(found.slices.map(({ cell, expected }) => [keyOfCell(cell), expected]))
  const common = { column: null, rows: [] }
  const rows = Math.max(1, found.rows)
  return [
    ...found.cells.map(({ cell, count, target, need, why }): Gap => ({
      ...common,
      kind: 'cell',
      what: nameCell(cell),
      cell,
      real: count,
      count: need,
      priority: Math.max(0, target - count / rows) * (errorAt.get(keyOfCell(cell)) ?? overall),
      why,
    })),
    ...found.slices.map(({ task, cell, count, of, expected, overall: whole, clear, need, why }): Gap => ({
      ...common,
      kind: 'slice',
      what: nameCell(cell),
      cell,
      real: count,
      count: need,
      priority: (count / Math.max(1, of)) * Math.max(0, expected - whole) * (clear ? 1 : doubtful),
      why: `${task}: ${why}`,
    })),
    ...found.combinations.map(({ cell, expected, why }): Gap => ({
      ...common,
      kind: 'combination',
      what: nameCell(cell),
      cell,
      real: 0,
      count: Math.max(1, Math.round(expected)),
      priority: (expected / rows) * overall * doubtful,
      why,
    })),
    ...found.absent.map(({ task, column, value }): Gap => ({
      ...common,
      kind: 'label',
      what: nameCell({ [column]: value }),
      cell: { [column]: value },
      real: 0,
      count: fewestOfLabel,
      priority: 1 / (rows + 1),
      why: `no training row of task ${task} has this label: rows made of it could be right or wrong, and nothing here would tell`,
    })),
  ]
}

function ofRows(found: FoundGaps): readonly Gap[] {
  const rows = Math.max(1, found.rows)
  const common = { cell: null, column: null, real: null }
  const gaps: Gap[] = [
    ...found.noise.map(({ task, share, disputed, rows: named }): Gap => ({
      ...common,
      kind: 'noise',
      what: `doubtful labels of ${task}`,
      count: disputed,
      priority: Math.min(1, share),
      rows: named,
      why: `a student trained on the other rows confidently gives these another label; about ${(100 * share).toFixed(0)} % of the labels are wrong by that`,
    })),
    ...found.conflicts.map(({ task, conflicting, rows: named }): Gap => ({
      ...common,
      kind: 'conflict',
      what: `contradictions in ${task}`,
      count: conflicting,
      priority: Math.min(1, conflicting / rows) * doubtful,
      rows: named,
      why: 'these rows ask the same and answer differently: one is wrong, or what is asked does not decide the answer',
    })),
    {
      ...common,
      kind: 'repeated',
      what: 'training rows that stand in the test',
      count: found.repeatedInTest,
      priority: Math.min(1, found.repeatedInTest / rows),
      rows: [],
      why: 'a student that has seen the answer is measured as better than it is',
    },
  ]
  return gaps.filter(({ count }) => count > 0)
}

function ofColumns(found: FoundGaps, overall: number): readonly Gap[] {
  return found.unseen
    .filter(({ of }) => of !== 'words')
    .map(({ column, of, mass, why }) => ({
      kind: of === 'values' ? 'values' : 'wording',
      what: of === 'values' ? `unseen values of ${column}` : `unseen wordings of ${column}`,
      cell: null,
      column,
      real: null,
      count: Math.round(mass * found.synthetic),
      priority: mass * overall,
      rows: [],
      why,
    }))
}

function ofVolume({ curves, synthetic }: FoundGaps): readonly Gap[] {
  const best = curves.toSorted((a, b) => (b.gain ?? 0) - (a.gain ?? 0))[0]
  return [
    {
      kind: 'more',
      what: 'more examples of every kind',
      cell: null,
      column: null,
      real: null,
      count: synthetic,
      priority: Math.min(1, Math.max(0, best?.gain ?? 0)),
      rows: [],
      why:
        best === undefined
          ? 'no task is learned here that would tell what more bring'
          : `${best.task}: ${best.says}`,
    },
  ]
}
