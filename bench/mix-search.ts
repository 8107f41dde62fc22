// What the search for an amount of synthetic rows finds on snips, where the truth can be looked up: every choice is scored
// on the 700 validate requests, which the search knows nothing of. Three mixtures: the real requests with a fifth of their
// words left out (little to gain and little to lose; random deletion of Wei and Zou 2019), requests of the training file
// under labels drawn at random (harmful), and the seeds generator with lists anyone could write down (helpful). Amounts 0,
// 1, 3 and 10 for each real request, all or the better half.
//   node bench/mix-search.ts [draws, 16 unless told] [thinned | wrong | seeds, all unless told]
import { createContext } from '../src/context.ts'
import { createRandom } from '../src/data/random.ts'
import type { TracedRow } from '../src/data/row.ts'
import { inferSchema } from '../src/data/schema.ts'
import { armText, declaredArm, realOnly, type SearchArm } from '../src/mix/search-arms.ts'
import { projectSchema } from '../src/project/schema.ts'
import { answerFold, type FoldWork } from '../src/run/search-fold.ts'
import { searchMixture } from '../src/run/search-mixture.ts'
import { fillMixture } from '../src/run/steps/fill.ts'
import { fitGenerator } from '../src/run/steps/fit.ts'
import { fingerprintRows } from '../src/run/steps/prepare.ts'
import { meanOf, varianceOf } from '../src/stats/moments.ts'
import { resolveTask } from '../src/task/render.ts'
import { hasSnips, readSnips, snipsIntents as intents } from './snips-data.ts'
import { snipsAlike, snipsLists, snipsSynonyms } from './snips-lists.ts'

type Kind = 'thinned' | 'wrong' | 'seeds'

const draws = Number(process.argv[2] ?? 16)
const kinds: readonly Kind[] =
  process.argv[3] === undefined ? ['thinned', 'wrong', 'seeds'] : [process.argv[3] as Kind]
const perIntent: Readonly<Record<Kind, number>> = { thinned: 9, wrong: 9, seeds: 5 }

const project = projectSchema.parse({
  name: 'snips',
  sources: { requests: { path: 'requests.csv', use: 'train' } },
  tasks: { intent: { kind: 'label', answer: 'intent', metric: 'accuracy', prompts: ['{{ text }}'] } },
  attributes: ['intent'],
  target: { intent: 'uniform' },
  generators: {
    seeds: {
      use: 'seeds',
      text: 'text',
      labels: ['intent'],
      slots: { spans: 'spans' },
      ...snipsLists,
      alike: snipsAlike,
      synonyms: snipsSynonyms,
    },
  },
  validate: { personalData: 'off' },
  mixtures: { mixed: { generators: ['seeds'], perReal: 10, search: {} } },
})
const mixture = { perReal: 10, search: project.mixtures['mixed']!.search! }
const declared = declaredArm(mixture)

if (hasSnips('mix-search')) await main()

async function main(): Promise<void> {
  const train = intents.flatMap(intent => readSnips('train', intent))
  const validate = intents.flatMap(intent => readSnips('validate', intent))
  for (const kind of kinds) {
    const found = []
    for (let draw = 0; draw < draws; draw++) found.push(await oneDraw(kind, draw, train, validate))
    console.log(`\n${kind}: ${draws} draws of ${perIntent[kind]} requests an intent`)
    for (const [what, members] of Map.groupBy(found, ({ outcome, arm }) => `${outcome}: ${armText(arm)}`))
      console.log(`  ${members.length} x ${what}`)
    const wrong = found.filter(({ scores }) => scores.chosen < scores.real)
    const harmful = found.filter(({ scores }) => scores.chosen < scores.real - 0.01)
    console.log(
      `  chosen below real only on held-out requests: ${wrong.length}, by more than a point: ${harmful.length}`,
    )
    const picked = found.filter(({ outcome }) => outcome === 'found')
    const bad = picked.filter(({ scores }) => scores.chosen <= scores.real)
    console.log(
      `  a mixture found to be better: ${picked.length}, of which not better on held-out requests: ${bad.length}`,
    )
    console.log(`  detectable ${summary(found.map(({ detectable }) => detectable))} points`)
    for (const arm of ['real', 'declared', 'chosen'] as const)
      console.log(`  ${arm.padEnd(9)} ${summary(found.map(({ scores }) => scores[arm]))} % right`)
    console.log(`  chosen - real     ${summary(found.map(({ scores }) => scores.chosen - scores.real))}`)
    console.log(`  chosen - declared ${summary(found.map(({ scores }) => scores.chosen - scores.declared))}`)
    console.log(`  ${meanOf(found.map(({ seconds }) => seconds)).toFixed(0)} s a search`)
  }
}

function summary(values: readonly number[]): string {
  const points = values.map(value => 100 * value)
  return `${meanOf(points).toFixed(1)} ± ${Math.sqrt(varianceOf(points)).toFixed(1)}`
}

async function oneDraw(
  kind: Kind,
  draw: number,
  train: readonly TracedRow[],
  validate: readonly TracedRow[],
) {
  const random = createRandom(draw, 'mix-search')
  const rows = intents.flatMap(intent =>
    random.shuffle(train.filter(({ row }) => row['intent'] === intent)).slice(0, perIntent[kind]),
  )
  const task = resolveTask('intent', project.tasks['intent']!, { rows, random })
  const context = createContext({ seed: draw, name: 'mix-search' })
  const work: Pick<FoldWork, 'project' | 'tasks' | 'fill' | 'context'> = {
    project,
    tasks: [task],
    context,
    async fill({ train: own, heldOut, seed }, perReal) {
      if (kind !== 'seeds') return { accepted: makeNoise(kind, { own, perReal, seed, train }), answers: [] }
      const inner = createContext({ seed, name: 'fill' })
      const given = { project, prepared: { schema: inferSchema(own) }, rows: { train: own, fit: [] } }
      const fits = new Map([['seeds', await fitGenerator('seeds', given, inner)]])
      const passage = { train: own, seed, fingerprints: () => fingerprintRows(project, [task], heldOut) }
      const tasks = [task]
      return fillMixture({
        project,
        tasks,
        mixture: 'mixed',
        perReal,
        passage,
        fits,
        review: null,
        advice: null,
        context: inner,
      })
    },
  }
  const began = performance.now()
  const { choice, realC, rungs, detectable } = await searchMixture({ ...work, rows, mixture })
  const seconds = (performance.now() - began) / 1000
  const declaredC = rungs.at(-1)!.arms.find(arm => armText(arm) === armText(declared))!.C
  const score = async (arm: SearchArm, C: number): Promise<number> => {
    const fold = { train: rows, heldOut: validate, seed: draw, index: 0 }
    const [answers] = await answerFold(fold, { ...work, arms: [arm], strengths: [C] })
    const given = answers!.outcome.answers
    return given.filter(({ gold, predicted }) => gold === predicted).length / given.length
  }
  const scores = {
    real: await score(realOnly, realC),
    declared: await score(declared, declaredC),
    chosen: await score(choice, choice.C),
  }
  return { outcome: choice.outcome, arm: choice, detectable: detectable!, scores, seconds }
}

/** As many rows for each intent as a mixture that is to be uniform asks for. */
function makeNoise(
  kind: 'thinned' | 'wrong',
  given: { own: readonly TracedRow[]; perReal: number; seed: number; train: readonly TracedRow[] },
): readonly TracedRow[] {
  const random = createRandom(given.seed, kind)
  const count = Math.ceil((given.perReal + 1) * given.own.length)
  return intents.flatMap(intent => {
    const texts = kind === 'wrong' ? given.train : given.own.filter(({ row }) => row['intent'] === intent)
    if (texts.length === 0) return []
    return Array.from({ length: Math.ceil(count / intents.length) }, (_, index): TracedRow => {
      const { row } = random.pick(texts)
      const words = String(row['text']).split(' ')
      const left = words.filter(() => kind === 'wrong' || random.next() > 0.2)
      const text = (left.length > 0 ? left : words).join(' ')
      const id = `${kind}:${intent}:${index}`
      const cell = { intent }
      const origin = {
        kind: 'synthetic',
        generator: kind,
        seed: given.seed,
        cell,
        fitted: null,
        parents: [],
      } as const
      return { id, group: id, row: { ...row, text, intent }, origin: { ...origin, share: 'anyone' } }
    })
  })
}
