import { createContext } from '../../context.ts'
import type { Example } from '../../data/example.ts'
import { createRandom } from '../../data/random.ts'
import type { TracedRow } from '../../data/row.ts'
import { openSeal } from '../../data/seal.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import { createDecoder, createStudent } from '../../student/create.ts'
import type { Prediction, Student } from '../../student/student.ts'
import { placeStudent } from '../place-base.ts'
import { parseAnswer } from '../../task/parse.ts'
import { renderExample, type ResolvedTask } from '../../task/render.ts'
import type { TunedModels } from '../../tune/tune.ts'
import type { GrownParts } from './grow.ts'
import { scoredReplicate } from '../replicate.ts'
import type { Maker, MakerInput } from './maker.ts'
import { previewTasks } from './preview-tune.ts'
import type { TunedArm } from './tune.ts'
import { heldOutWordings } from './prepare.ts'

/** Opens the seal and asks every arm's models of one replicate all held-out examples. */
export const makeAnswer: Maker<readonly Outcome[]> = async input => {
  const { project, folder, prepared } = input
  const student = createStudent(placeStudent(project.student, folder))
  return askArms(input, { student, tasks: prepared.tasks, rows: heldOutOf(input) })
}

/** Opens the seal and asks the preview's decoders of one replicate the examples of a part of the held-out rows. */
export const makePreviewAnswer: Maker<readonly Outcome[]> = async input => {
  const { project, folder, step } = input
  const { testRows } = step.options as { readonly testRows: number | null }
  const rows = heldOutOf(input)
  // The same rows for all replicates and seeds.
  const drawn = createRandom(project.seed, 'preview rows').shuffle(rows.map((_, index) => index))
  const taken = new Set(drawn.slice(0, testRows ?? rows.length))
  return askArms(input, {
    student: createDecoder(placeStudent(project.preview!.student, folder)) as Student<unknown>,
    tasks: previewTasks(input),
    rows: rows.filter((_, index) => taken.has(index)),
  })
}

function heldOutOf({ replicate }: MakerInput): readonly TracedRow[] {
  const { sealed } = scoredReplicate(replicate)
  return openSeal(sealed, sealed.hash)
}

async function askArms(
  { step, project, replicate, seed, context, need }: MakerInput,
  given: {
    readonly student: Student<unknown>
    readonly tasks: readonly ResolvedTask[]
    readonly rows: readonly TracedRow[]
  },
): Promise<readonly Outcome[]> {
  const { index: passage } = scoredReplicate(replicate)
  const outcomes: Outcome[] = []
  const trained = await trainedArms(step.needs, need)
  const random = heldOutWordings(project)
  const asked = given.tasks.map(task => ({
    task,
    examples: given.rows.flatMap(
      traced => renderExample(task, traced, { side: 'held-out', attributes: [], random }) ?? [],
    ),
  }))
  for (const [index, read] of trained.entries()) {
    const { arm, models } = await read()
    for (const { task, examples } of asked) {
      if (models[task.name] === undefined) continue
      const predictions = await given.student.predict(
        models[task.name],
        examples,
        createContext({ ...context, seed, name: step.name }),
      )
      const answers = new Map(predictions.map(prediction => [prediction.id, prediction]))
      outcomes.push({
        task: task.name,
        arm,
        replicate: passage,
        answers: examples.map(example => {
          const prediction = answers.get(example.id)
          const answer = toAnswer(task, example, prediction?.text ?? '')
          return { ...answer, ...certaintyOf(prediction, answer.gold) }
        }),
      })
    }
    context.progress(index + 1, trained.length)
  }
  return outcomes
}

/** The probabilities of the given and of the gold answer, where the student has them, to six digits. */
function certaintyOf(
  prediction: Prediction | undefined,
  gold: string,
): Pick<Outcome['answers'][number], 'certainty'> {
  if (prediction?.probabilities === undefined) return {}
  const { text, probabilities } = prediction
  const at = (answer: string): number => Number((probabilities[answer] ?? 0).toPrecision(6))
  return { certainty: { given: at(text), gold: at(gold) } }
}

/** One arm's models, read when they are asked. */
type TrainedArm = () => Promise<{ readonly arm: string; readonly models: TunedModels }>

async function trainedArms(
  needs: readonly string[],
  need: MakerInput['need'],
): Promise<readonly TrainedArm[]> {
  const grown = needs.filter(name => name.startsWith('grow@'))
  const parts = (await Promise.all(grown.map(name => need<GrownParts>(name)))).flatMap(each => each.parts)
  const tunes = needs
    .filter(name => /^(?:preview-)?tune:/.test(name))
    .map((name): TrainedArm => async () => {
      const { arm, models } = await need<TunedArm>(name)
      return { arm: arm.name, models }
    })
  return [
    ...tunes,
    ...parts.map(
      (part): TrainedArm =>
        async () =>
          part,
    ),
  ]
}

/** The gold answer of an example, and the given one where it could be read. */
export function toAnswer(task: ResolvedTask, example: Example, given: string): Outcome['answers'][number] {
  const parsed = parseAnswer(task, given)
  return {
    id: example.id,
    group: example.group,
    gold: example.messages.at(-1)!.content,
    predicted: parsed === null ? null : task.kind === 'label' ? String(parsed) : given,
  }
}
