import type { SourceFormat } from '../data/record.ts'
import type { TracedRow } from '../data/row.ts'
import type { Column, Schema } from '../data/schema.ts'
import { oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import type { ProjectInput } from '../project/schema.ts'
import { fewestSealedRows } from '../project/schema.ts'
import { chooseLabel, countValues, isLabel, labelValues, mostLabels } from './label.ts'
import { columnRoles, type ColumnRoles } from './columns.ts'
import { askAboutText, askFromColumns, listAnswers, mostColumns, wordsOf } from './prompts.ts'

/** A project for a file that nobody has described yet, and what a person should know about it. */
export interface Proposal {
  readonly project: ProjectInput
  /** Sentences: what was left out and why, what was chosen. */
  readonly notes: readonly string[]
}

interface FileToLearn {
  readonly schema: Schema
  readonly rows: readonly TracedRow[]
  /** Column to learn; left out, the one that is clear. */
  readonly label?: string | undefined
  /** Column of free text to ask about. */
  readonly text?: string | undefined
  /** Path as the project file should name it. */
  readonly file: string
  readonly name: string
  readonly format?: SourceFormat | undefined
  /** Settings that end within about a minute, rather than those that tell the most. */
  readonly quick: boolean
}

/** Rows that a quick run trains on; of more, the rest is sealed to measure on. */
const quickTraining = 600
/** Synthetic rows of a quick run. */
const quickSynthetic = 1200
/** Repeats of the cross-validation of a quick run, where there are too few rows to seal. */
const quickRepeats = 3
/** Share that is sealed where there is no reason for another. */
const usualTest = 0.3
/** Labels seen in fewer rows are not asked for: often they are slips of the pen. */
const fewestOfLabel = 5

/**
 * Proposes a project that learns one column of a file from the others. Reads the rows, decides nothing by chance.
 * Throws UserError where no column can be learned.
 */
export function proposeProject(given: FileToLearn): Proposal {
  const { schema, rows, file, name } = given
  const conversations = schema.columns.some(column => column.name === 'messages')
  if (conversations && given.label === undefined) return proposeChat(given)
  const label = chooseLabel(schema, rows, given.label)
  const known = countKnown(label.name, rows)
  if (known < 2) {
    throw new UserError(
      `Column "${label.name}" has a value in ${known} of ${rows.length === 1 ? '1 row' : `${rows.length} rows`}: too few to learn from.`,
      'Give a file with a few dozen examples at least, or name another column with --label.',
    )
  }
  const roles = columnRoles(schema, rows, label.name)
  const kind = isLabel(label, rows)
    ? 'label'
    : label.kind === 'integer' || label.kind === 'real'
      ? 'number'
      : undefined
  if (kind === undefined) {
    throw new UserError(
      `Column "${label.name}" holds ${label.kind === 'text' ? 'free text' : label.kind === 'id' ? 'the names of rows' : `a ${label.kind}`}, which is neither a label nor a number.`,
      'Name another column with --label.',
    )
  }
  const text = chooseText(given, roles)
  const shown = text === undefined ? roles.shown : []
  const asked = text === undefined ? askFromColumns(shown, label.name) : askAboutText(text, label.name)
  const labels = kind === 'label' ? labelValues(label, rows) : []
  const system = kind === 'label' ? listAnswers(labels) : `Answer with a number: the ${wordsOf(label.name)}.`
  const unused =
    text === undefined ? roles.texts : schema.columns.filter(column => roles.shown.includes(column))
  const drop = [...roles.dropped.map(({ column }) => column), ...(text === undefined ? roles.texts : [])]
  const quickTest = Math.ceil((1 - quickTraining / rows.length) * 100) / 100
  const test = given.quick ? Math.min(0.9, Math.max(usualTest, quickTest)) : usualTest
  const train = Math.round(known * (1 - test))
  return {
    project: {
      name,
      sources: {
        rows: {
          path: file,
          ...(given.format === undefined ? {} : { format: given.format }),
          use: 'train',
          ...(roles.group === undefined ? {} : { group: roles.group.name }),
          ...(drop.length === 0 ? {} : { drop: drop.map(column => column.name) }),
        },
      },
      split: { test },
      tasks: {
        [taskName(label.name)]: {
          kind,
          answer: label.name,
          ...(system === undefined ? {} : { system }),
          prompts: [...asked.prompts],
          heldOut: [...asked.heldOut],
        },
      },
      ...covered(label, kind, shown, rows),
      ...synthesis(text === undefined && shown.length > 0, given.quick ? quickSynthetic / train : 3),
      ...(given.quick && known * usualTest < fewestSealedRows ? { evaluate: { repeats: quickRepeats } } : {}),
    },
    notes: [
      ...labelNotes(label, kind, rows, known),
      ...roles.dropped.map(({ column, why }) => `Column "${column.name}" ${why}; it is left out.`),
      ...(roles.group === undefined
        ? []
        : [`Rows of one "${roles.group.name}" stay on one side of every split.`]),
      ...textNotes(text, unused),
      ...(shown.length > mostColumns
        ? [`Requests show the first ${mostColumns} of ${shown.length} columns.`]
        : []),
      ...(test > usualTest
        ? [
            `So that it is quick, about ${train} of the ${known} rows are trained on and the others are sealed to measure on; ` +
              'split.test in the project file sets that.',
          ]
        : []),
    ],
  }
}

/** Conversations as they are: no synthesizer makes them, but what they cover can be counted. */
function proposeChat({ schema, rows, file, name, format }: FileToLearn): Proposal {
  const attributes = schema.columns
    .filter(column => column.name !== 'prompt' && column.name !== 'response' && isLabel(column, rows))
    .filter(column => countValues(column.name, rows).size >= 2)
    .slice(0, 3)
  return {
    project: {
      name,
      sources: { chats: { path: file, ...(format === undefined ? {} : { format }), use: 'train' } },
      tasks: { chat: { kind: 'chat' } },
      attributes: attributes.map(column => column.name),
      generators: {},
      mixtures: {},
    },
    notes: [
      'These are conversations. No synthesizer writes those; rules can, once the project file says how (generators with use "rules").',
      ...(attributes.length > 0
        ? []
        : ['No column says what a conversation is about, so there are no gaps to count.']),
    ],
  }
}

/** The column of free text that is asked about: the named one, or the longest where nothing else could be shown. */
function chooseText({ schema, rows, text }: FileToLearn, roles: ColumnRoles): Column | undefined {
  if (text !== undefined) {
    const found = schema.columns.find(column => column.name === text)
    if (found !== undefined) return found
    throw new UserError(
      `There is no column "${text}".`,
      `The columns are ${schema.columns.map(column => column.name).join(', ')}.`,
    )
  }
  const useful = roles.shown.filter(column => column.kind !== 'date')
  if (useful.length >= 2) return undefined
  const prompt = roles.texts.find(column => column.name === 'prompt')
  const length = (column: Column): number =>
    rows.reduce((sum, { row }) => sum + String(row[column.name] ?? '').length, 0)
  const texts = prompt === undefined ? roles.texts.filter(column => column.name !== 'response') : [prompt]
  const longest = texts.toSorted((a, b) => length(b) - length(a))[0]
  if (longest !== undefined || roles.shown.length > 0) return longest
  throw new UserError(
    'No column is left to learn from: the others name rows, are empty, or give the label away.',
    'Give a file with more columns, or name one of free text with --text.',
  )
}

/** What examples must cover: the label, and the one or two columns with the fewest values. */
function covered(
  label: Column,
  kind: 'label' | 'number',
  shown: readonly Column[],
  rows: readonly TracedRow[],
): Pick<ProjectInput, 'attributes' | 'target'> {
  const size = (column: Column): number => countValues(column.name, rows).size
  const others = shown
    .filter(
      column =>
        (column.kind === 'category' || column.kind === 'boolean') && size(column) >= 2 && size(column) <= 8,
    )
    .toSorted((a, b) => size(a) - size(b))
    .slice(0, kind === 'label' ? 1 : 2)
  const attributes = [...(kind === 'label' && size(label) <= mostLabels ? [label] : []), ...others].map(
    column => column.name,
  )
  return {
    attributes,
    ...(attributes.includes(label.name) ? { target: { [label.name]: labelTarget(label, rows) } } : {}),
  }
}

/**
 * As many of each label; where some are ten times rarer than others, shares by the square root of their counts, since
 * a handful of rows cannot stand for many. Missing and very rare labels are not asked for.
 */
function labelTarget(label: Column, rows: readonly TracedRow[]): 'uniform' | Record<string, number> {
  const counts = [...countValues(label.name, rows)].toSorted(([, a], [, b]) => b - a)
  const common = counts.filter(([, count]) => count >= fewestOfLabel)
  if (common.length === 0) return 'uniform'
  const isEven = common[0]![1] < 10 * common.at(-1)![1]
  if (isEven && common.length === counts.length && countKnown(label.name, rows) === rows.length)
    return 'uniform'
  const weights = common.map(([value, count]) => [value, isEven ? 1 : Math.sqrt(count)] as const)
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  return Object.fromEntries(
    weights.map(([value, weight]) => [value, Math.round((1000 * weight) / total) / 1000]),
  )
}

function synthesis(possible: boolean, perReal: number): Pick<ProjectInput, 'generators' | 'mixtures'> {
  if (!possible) return { generators: {}, mixtures: {} }
  const rounded = Math.min(3, Math.max(1, Math.round(perReal)))
  return {
    generators: { records: { use: 'records' } },
    mixtures: { mixed: { generators: ['records'], perReal: rounded } },
  }
}

function countKnown(label: string, rows: readonly TracedRow[]): number {
  return [...countValues(label, rows).values()].reduce((sum, count) => sum + count, 0)
}

function labelNotes(
  label: Column,
  kind: 'label' | 'number',
  rows: readonly TracedRow[],
  known: number,
): readonly string[] {
  const missing = rows.length - known
  const rare =
    kind === 'number' ? [] : [...countValues(label.name, rows)].filter(([, count]) => count < fewestOfLabel)
  return [
    ...(missing === 0
      ? []
      : [`${missing} of ${rows.length} rows have no "${label.name}"; they are not learned from.`]),
    ...(rare.length === 0
      ? []
      : [
          `"${label.name}" is ${oneOf(rare.map(([value]) => value))} in fewer than ${fewestOfLabel} rows each: too few to make more of.`,
        ]),
  ]
}

function textNotes(text: Column | undefined, unused: readonly Column[]): readonly string[] {
  const names = unused.map(column => `"${column.name}"`).join(', ')
  if (text === undefined) {
    return unused.length === 0
      ? []
      : [
          `No synthesizer writes free text, so ${names} is left out; to learn from it alone, add --text ${unused[0]!.name}.`,
        ]
  }
  return [
    `The request shows "${text.name}". No synthesizer writes free text yet, so real examples are learned from alone; ` +
      'rules can write it (generators with use "rules") and seeds recombine what is there (use "seeds"), once the project file says how.',
    ...(unused.length === 0 ? [] : [`${names} is not shown.`]),
  ]
}

/** A column's name as a task's. */
function taskName(column: string): string {
  const name = column
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
  return name === '' ? 'answer' : name
}
