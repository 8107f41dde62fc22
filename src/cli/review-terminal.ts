import { stripVTControlCharacters } from 'node:util'
import { readBetterAnswer } from '../review/better-answer.ts'
import { type Answered, decide, type Decision } from '../review/decision.ts'
import { answerOf, generatorOf, questionOf, type Review, type ReviewItem } from '../review/item.ts'
import { caseText } from '../review/sheet.ts'
import { labelsOf } from '../task/labels.ts'
import type { Task } from '../task/task.ts'
import { editLine } from './edit-line.ts'
import type { KeyReader } from './keys.ts'
import type { Terminal } from './terminal.ts'

/** Reasons at hand, by number; others are typed. */
const reasons = ['wrong answer', 'cannot be', 'unclear question', 'unlike real ones']

const keysText = 'a accept · f fix · r reject · s skip · u undo · q quit'

/** How a session ended, and what is decided now. */
export interface Session {
  readonly decisions: readonly Decision[]
  readonly ended: 'finished' | 'quit' | 'stopped'
}

interface Given {
  readonly review: Review
  readonly tasks: readonly Task[]
  readonly reviewer: string
  /** The reviewer's decisions so far. */
  readonly decisions: readonly Decision[]
  readonly keys: KeyReader
  readonly terminal: Terminal
  /** Called after every answer with all decisions, and waited for. */
  save(decisions: readonly Decision[]): Promise<unknown>
  now(): string
}

/**
 * Shows the examples that the reviewer has not decided, one by one, and takes one key for each. Every answer is saved
 * before the next example is shown. Undo goes back one example, as often as wanted.
 */
export async function reviewInTerminal(given: Given): Promise<Session> {
  const { review, keys, terminal } = given
  const decided = new Map(given.decisions.map(decision => [decision.example, decision]))
  const history: { readonly index: number; readonly before: Decision | undefined }[] = []
  const save = (): Promise<unknown> => given.save([...decided.values()])
  const nextFrom = (index: number): number =>
    review.items.findIndex((item, other) => other >= index && !decided.has(item.example.id))
  let index = nextFrom(0)
  let shown = -1
  while (index >= 0) {
    const item = review.items[index]!
    if (shown !== index) show(given, item, index)
    shown = index
    const key = await keys.next()
    if (key === null || (key.ctrl && key.name === 'c'))
      return { decisions: [...decided.values()], ended: 'stopped' }
    if (key.name === 'q') return { decisions: [...decided.values()], ended: 'quit' }
    if (key.name === 'u') {
      const last = history.pop()
      if (last === undefined) {
        terminal.note('There is nothing to undo.')
        continue
      }
      const { id } = review.items[last.index]!.example
      if (last.before === undefined) decided.delete(id)
      else decided.set(id, last.before)
      await save()
      index = last.index
      shown = -1
      continue
    }
    const answered = key.name === 's' ? 'skip' : await answerTo(given, item, key.name)
    if (answered === null) continue
    history.push({ index, before: decided.get(item.example.id) })
    if (answered !== 'skip') {
      decided.set(
        item.example.id,
        decide(item.example, answered, { reviewer: given.reviewer, at: given.now() }),
      )
      await save()
      terminal.note(answeredText(terminal, answered))
    }
    index = nextFrom(index + 1)
  }
  return { decisions: [...decided.values()], ended: 'finished' }
}

function show({ review, terminal }: Given, item: ReviewItem, index: number): void {
  const origin = review.blind ? [] : [`made by ${generatorOf(item)}`, caseText(item)]
  const head = [`${index + 1} of ${review.items.length}`, item.example.task, ...origin].filter(
    part => part !== '',
  )
  terminal.note(`\n${terminal.style('dim', head.join(' · '))}`)
  terminal.note(harmless(questionOf(item.example)), '  ')
  terminal.note(`${terminal.style('bold', 'Answer')} ${harmless(answerOf(item.example))}`, '  ')
  terminal.note(terminal.style('dim', keysText))
}

/** The answer that a key begins; null where it is none, or was given up. */
async function answerTo(given: Given, item: ReviewItem, name: string): Promise<Answered | null> {
  if (name === 'a') return { decision: 'accept' }
  if (name === 'f') return askFix(given, item)
  if (name === 'r') return askReason(given)
  given.terminal.note(given.terminal.style('dim', keysText))
  return null
}

async function askFix(given: Given, item: ReviewItem): Promise<Answered | null> {
  const task = given.tasks.find(({ name }) => name === item.example.task)!
  const labels = task.kind === 'label' ? labelsOf(task) : []
  const before = answerOf(item.example)
  if (labels.length > 0) given.terminal.note(numbered(labels), '  ')
  let written: string | null = labels.length > 0 ? '' : before
  for (;;) {
    written = await ask(given, 'better answer', written)
    if (written === null || written === '') return giveUp(given)
    const better = readBetterAnswer(
      task,
      labels.includes(written) ? written : (labels[Number(written) - 1] ?? written),
    )
    if ('problem' in better) given.terminal.note(better.problem, '  ')
    else if (better.text === before) given.terminal.note('That is the answer it has already.', '  ')
    else return { decision: 'fix', text: better.text, reason: null }
  }
}

async function askReason(given: Given): Promise<Answered | null> {
  given.terminal.note(`${numbered(reasons)} · or in your own words`, '  ')
  const written = await ask(given, 'reason', '')
  if (written === null || written === '') return giveUp(given)
  return { decision: 'reject', reason: reasons[Number(written) - 1] ?? written }
}

function giveUp({ terminal: { note } }: Given): null {
  note(`Nothing was decided. ${keysText}`)
  return null
}

async function ask({ keys, terminal }: Given, what: string, initial: string): Promise<string | null> {
  const prompt = `  ${what}: `
  const drawn = terminal.interactive
  const written = await editLine({
    keys,
    initial,
    width: terminal.width - prompt.length,
    draw: drawn ? line => terminal.draw(`\r\u001B[2K${prompt}${line}`) : undefined,
  })
  if (drawn) terminal.draw('\r\u001B[2K')
  return written
}

function answeredText({ style }: Terminal, answered: Answered): string {
  switch (answered.decision) {
    case 'accept':
      return style('green', '✓ accepted')
    case 'fix':
      return `${style('yellow', '✎ fixed:')} ${harmless(answered.text)}`
    case 'reject':
      return `${style('red', '✗ rejected:')} ${harmless(answered.reason)}`
  }
}

function numbered(words: readonly string[]): string {
  return words.map((word, index) => `${index + 1} ${word}`).join(' · ')
}

/** Text of data as it may be shown: nothing in it commands the terminal. */
function harmless(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n\t]/gu, '')
}
