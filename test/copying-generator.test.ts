import { expect, test } from 'vitest'
import { createContext } from '../src/context.ts'
import type { TracedRow } from '../src/data/row.ts'
import type { Outcome } from '../src/evaluate/outcome.ts'
import { measureUplift } from '../src/evaluate/uplift.ts'
import { decideVerdicts } from '../src/evaluate/verdict.ts'
import { makeArms } from '../src/mix/arms.ts'
import { toAnswer } from '../src/run/steps/answer.ts'
import { renderRows } from '../src/run/steps/fill.ts'
import { metricOf } from '../src/run/steps/metrics.ts'
import { createStudent } from '../src/student/create.ts'
import type { ResolvedTask } from '../src/task/render.ts'
import { tuneArm } from '../src/tune/tune.ts'
import { resolveTask } from '../src/task/render.ts'
import { taskSchema } from '../src/task/task.ts'
import { createRandom } from '../src/data/random.ts'

/** A row of a small world in which a label follows from two columns, most of the time. */
function drawRow(index: number, world: string): TracedRow {
  const random = createRandom(7, `${world}/${index}`)
  const soil = random.pick(['clay', 'sand', 'loam', 'peat'])
  const crop = random.pick(['rye', 'oat', 'wheat', 'barley', 'flax'])
  const field = random.pick(['north', 'south', 'east', 'west', 'mill', 'brook', 'hill'])
  const likely = (soil === 'loam' ? 0.6 : 0.2) + (crop === 'rye' ? 0.3 : 0)
  return {
    id: `${world}:${index}`,
    group: `${world}:${index}`,
    row: { soil, crop, field, good: random.next() < likely ? 'yes' : 'no' },
    origin: { kind: 'real', source: world, number: index, use: 'train', share: 'anyone' },
  }
}

/** What a generator would make that only copies: every real row ten times, under new names. */
function copiesOf(rows: readonly TracedRow[]): TracedRow[] {
  return Array.from({ length: 10 }, (_, copy) =>
    rows.map(({ row, id }): TracedRow => ({
      id: `copy:${copy}/${id}`,
      group: `copy:${copy}/${id}`,
      row,
      origin: {
        kind: 'synthetic',
        generator: 'copier',
        seed: copy,
        cell: {},
        fitted: null,
        parents: [id],
        share: 'anyone',
      },
    })),
  ).flat()
}

async function answersOf(
  task: ResolvedTask,
  given: { train: readonly TracedRow[]; test: readonly TracedRow[]; seed: number },
): Promise<Outcome[]> {
  const student = createStudent({ use: 'linear', C: 20 })
  const context = createContext({ seed: given.seed, name: 'copying' })
  const how = { tasks: [task], attributes: [], seed: given.seed }
  const asked = renderRows(given.test, { ...how, seed: 0 })
  const arms = makeArms(renderRows(given.train, how), [
    { name: 'mixed', synthetic: renderRows(copiesOf(given.train), how) },
  ])
  return Promise.all(
    arms
      .filter(({ name }) => ['real', 'real-weighted', 'mixed'].includes(name))
      .map(async arm => {
        const models = await tuneArm({ student, tasks: [task], ...arm }, context)
        const predictions = await student.predict(models[task.name], asked, context)
        return {
          task: task.name,
          arm: arm.name,
          replicate: given.seed,
          answers: asked.map((example, index) => toAnswer(task, example, predictions[index]!.text)),
        }
      }),
  )
}

test(
  'a generator that copies its real rows shows no gain, even where nothing stops it',
  { timeout: 120_000 },
  async () => {
    const definition = taskSchema.parse({
      kind: 'label',
      answer: 'good',
      prompts: [
        'Soil {{ soil }}, crop {{ crop }}, field {{ field }}. Was it good?',
        '{{ crop }} on {{ soil }} at {{ field }}: good or not?',
      ],
    })
    const verdicts: string[] = []
    for (let draw = 0; draw < 5; draw++) {
      const train = Array.from({ length: 60 }, (_, index) => drawRow(index, `train ${draw}`))
      const held = Array.from({ length: 400 }, (_, index) => drawRow(index, `test ${draw}`))
      const task = resolveTask('good', definition, { rows: train, random: createRandom(draw, 'task') })
      const outcomes = (
        await Promise.all([1, 2, 3, 4, 5].map(seed => answersOf(task, { train, test: held, seed })))
      ).flat()
      const ofArm = (arm: string): Outcome[] => outcomes.filter(outcome => outcome.arm === arm)
      for (const rival of ['real', 'real-weighted']) {
        const uplift = measureUplift({
          task: task.name,
          metric: metricOf(task),
          mixed: ofArm('mixed'),
          rival: ofArm(rival),
          regime: 'sealed',
        })
        verdicts.push(decideVerdicts([uplift], { worth: 0.05 })[0]!.verdict)
      }
    }
    // Ten comparisons without an effect say "helps" in 2.5 % each: three or more come up once in 600 times.
    expect(verdicts.filter(verdict => verdict === 'helps').length).toBeLessThan(3)
  },
)
