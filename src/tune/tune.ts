import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import type { Student, TrainingAids } from '../student/student.ts'
import type { Task } from '../task/task.ts'

/** The models of one arm, by task. A task that the student cannot learn, or that has no example, has none. */
export type TunedModels = Readonly<Record<string, unknown>>

/** Tasks a student learns, and why it cannot learn the others. */
export function learnableTasks<Named extends Task>(
  student: Student<unknown>,
  tasks: readonly Named[],
): {
  readonly learned: readonly Named[]
  readonly skipped: readonly { readonly task: string; readonly reason: string }[]
} {
  const verdicts = tasks.map(task => ({ task, verdict: student.supports(task) }))
  return {
    learned: verdicts.filter(({ verdict }) => verdict === true).map(({ task }) => task),
    skipped: verdicts.flatMap(({ task, verdict }) =>
      verdict === true ? [] : [{ task: task.name, reason: verdict }],
    ),
  }
}

/** Trains the student on one arm's examples, a model a task. */
export async function tuneArm(
  input: {
    readonly student: Student<unknown>
    readonly tasks: readonly Task[]
    readonly examples: readonly Example[]
    /** Of real rows, to stop by; may be empty. */
    readonly dev?: readonly Example[]
    readonly classWeights: 'none' | 'balanced'
    /** Where the training of a task is kept while it runs. */
    readonly savesOf?: (task: string) => NonNullable<TrainingAids['saves']>
  },
  context: Context,
): Promise<TunedModels> {
  const models: Record<string, unknown> = {}
  const { learned } = learnableTasks(input.student, input.tasks)
  for (const [index, task] of learned.entries()) {
    context.signal.throwIfAborted()
    const examples = input.examples.filter(example => example.task === task.name)
    if (examples.length > 0) {
      models[task.name] = await input.student.train(
        { task, examples, classWeights: input.classWeights },
        {
          ...context,
          progress: (done, total, training) =>
            context.progress(index * total + done, learned.length * total, training),
        },
        {
          dev: (input.dev ?? []).filter(example => example.task === task.name),
          ...(input.savesOf && { saves: input.savesOf(task.name) }),
        },
      )
    }
    context.progress(index + 1, learned.length)
  }
  return models
}
