import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { madeItem, madeReview, yieldTask } from '../../test/made-review.ts'
import type { Decision } from '../review/decision.ts'
import { readKeys } from './keys.ts'
import { reviewInTerminal, type Session } from './review-terminal.ts'
import type { Terminal } from './terminal.ts'

const items = ['clay', 'sand', 'loam', 'peat'].map(name => madeItem(name))
const keys = { enter: '\r', left: '\u001B[D', backspace: '\u007F', clear: '\u0015', interrupt: '\u0003' }

interface Held {
  readonly session: Session
  /** What was saved, each time. */
  readonly saves: readonly (readonly string[])[]
  readonly shown: string
}

/** Feeds keys to a review in the terminal, through a stream as a person's would come. */
async function press(
  pressed: readonly string[],
  given: {
    readonly blind?: boolean
    readonly before?: readonly Decision[]
    readonly items?: typeof items
  } = {},
): Promise<Held> {
  const input = new PassThrough()
  const stop = new AbortController()
  const shown: string[] = []
  const saves: string[][] = []
  const terminal: Terminal = {
    interactive: false,
    width: 80,
    signal: stop.signal,
    out: text => shown.push(text),
    note: text => shown.push(text),
    draw: text => shown.push(text),
    style: (_, text) => text,
  }
  const reader = readKeys(input, stop.signal)
  input.end(pressed.join(''))
  const session = await reviewInTerminal({
    review: madeReview(given.items ?? items, given.blind),
    tasks: [yieldTask],
    reviewer: 'anna',
    decisions: given.before ?? [],
    keys: reader,
    terminal,
    save: async decisions => saves.push(summary(decisions)),
    now: () => '2026-01-02T03:04:05.000Z',
  })
  reader.close()
  return { session, saves, shown: shown.join('\n') }
}

/** `clay accept`, `sand fix poor`, `loam reject wrong answer`. */
function summary(decisions: readonly Decision[]): string[] {
  return decisions.map(decision => {
    const name = /:(.*)\//.exec(decision.example)![1]!
    const more =
      decision.decision === 'fix'
        ? ` ${decision.text}`
        : decision.decision === 'reject'
          ? ` ${decision.reason}`
          : ''
    return `${name} ${decision.decision}${more}`
  })
}

test('one key answers; a fix takes a label by its number, a rejection a reason by its number or in words', async () => {
  const { session, saves } = await press([
    'a',
    'f2',
    keys.enter,
    'r1',
    keys.enter,
    'rno such soil',
    keys.enter,
  ])
  expect(session.ended).toBe('finished')
  expect(summary(session.decisions)).toEqual([
    'clay accept',
    'sand fix poor',
    'loam reject wrong answer',
    'peat reject no such soil',
  ])
  expect(saves.map(saved => saved.length)).toEqual([1, 2, 3, 4])
})

test('a skipped example stays undecided and comes again next time', async () => {
  const { session } = await press(['s', 'a', 'q'])
  expect(session.ended).toBe('quit')
  expect(summary(session.decisions)).toEqual(['sand accept'])
  const next = await press(['a', 'q'], { before: session.decisions })
  expect(summary(next.session.decisions)).toEqual(['sand accept', 'clay accept'])
  expect(next.shown).not.toContain('Soil sand?')
})

test('undo takes back answers one by one, skips among them, and what is saved follows', async () => {
  const { session, saves } = await press(['a', 's', 'a', 'u', 'u', 'u', 'u', 'r4', keys.enter, 'q'])
  expect(saves).toEqual([
    ['clay accept'],
    ['clay accept', 'loam accept'],
    ['clay accept'],
    ['clay accept'],
    [],
    ['clay reject unlike real ones'],
  ])
  expect(summary(session.decisions)).toEqual(['clay reject unlike real ones'])
})

test.each([
  { how: 'Ctrl-C', end: keys.interrupt },
  { how: 'the end of the input', end: '' },
])('$how keeps what was answered', async ({ end }) => {
  const { session, saves } = await press(['aa', end])
  expect(session.ended).toBe('stopped')
  expect(saves.at(-1)).toEqual(['clay accept', 'sand accept'])
})

test('a fix that is no answer, or the same one, is asked for again; an empty one decides nothing', async () => {
  const { session, shown } = await press([
    'fbest',
    keys.enter,
    keys.clear,
    'good',
    keys.enter,
    keys.clear,
    'poor',
    keys.enter,
    'f',
    keys.enter,
    'q',
  ])
  expect(shown).toContain('"best" is not good or poor.')
  expect(shown).toContain('That is the answer it has already.')
  expect(shown).toContain('Nothing was decided.')
  expect(summary(session.decisions)).toEqual(['clay fix poor'])
})

test('a line can be edited with the arrows', async () => {
  const { session } = await press(['rbax', keys.backspace, 'e', keys.left, 'r', keys.enter, 'q'])
  expect(summary(session.decisions)).toEqual(['clay reject bare'])
})

test('keys that mean nothing decide nothing', async () => {
  const { session } = await press(['x', '1', keys.enter, 'a', 'q'])
  expect(summary(session.decisions)).toEqual(['clay accept'])
})

test('a blind review shows nothing of origin, and text of the data cannot command the terminal', async () => {
  const hostile = [madeItem('clay', { generator: 'secretmaker', row: { soil: 'cl\u001B[2Jay\u0007' } })]
  expect((await press(['q'], { items: hostile })).shown).toContain('made by secretmaker')
  const { shown } = await press(['q'], { items: hostile, blind: true })
  expect(shown).not.toContain('secretmaker')
  expect(shown).toContain('Soil clay?')
  for (const command of ['\u001B', '\u0007']) expect(shown).not.toContain(command)
})
