import type { Command } from './command.ts'

/** A command in the list: loaded when it is asked for, so that help is quick. */
export interface Listed {
  readonly name: string
  readonly summary: string
  /** The others are single steps. */
  readonly main: boolean
  load(): Promise<Command>
}

export const commands: readonly Listed[] = [
  {
    name: 'try',
    summary: 'Looks at a data file of yours, without a project, and runs a small loop on it.',
    main: true,
    load: async () => (await import('./try.ts')).tryCommand,
  },
  {
    name: 'init',
    summary: 'Writes a project file for a data file.',
    main: true,
    load: async () => (await import('./init.ts')).initCommand,
  },
  {
    name: 'run',
    summary: 'Runs the whole project and writes its report.',
    main: true,
    load: async () => (await import('./run.ts')).runCommand,
  },
  {
    name: 'report',
    summary: 'Shows the report of a run.',
    main: true,
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    name: 'check',
    summary: 'Finds every mistake in the project file and its data, and runs nothing.',
    main: true,
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'gaps',
    summary: 'Counts what the real examples do not cover, and says how many to make where they are too few.',
    main: false,
    load: async () => (await import('./gaps.ts')).gapsCommand,
  },
  {
    name: 'advise',
    summary: 'Says which generator should fill which gap, how well, and at what cost.',
    main: false,
    load: async () => (await import('./advise.ts')).adviseCommand,
  },
  {
    name: 'generate',
    summary: 'Makes candidates for the gaps and keeps those that pass.',
    main: false,
    load: async () => (await import('./generate.ts')).generateCommand,
  },
  {
    name: 'validate',
    summary: 'Says how many candidates passed and why the others did not.',
    main: false,
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  {
    name: 'review',
    summary: 'Lets people accept, fix or reject what was made.',
    main: false,
    load: async () => (await import('./review.ts')).reviewCommand,
  },
  {
    name: 'mix',
    summary: 'Puts the training sets together that are compared.',
    main: false,
    load: async () => (await import('./mix.ts')).mixCommand,
  },
  {
    name: 'tune',
    summary: 'Trains a student on each training set.',
    main: false,
    load: async () => (await import('./tune.ts')).tuneCommand,
  },
  {
    name: 'evaluate',
    summary: 'Scores the students on held-out real rows.',
    main: false,
    load: async () => (await import('./evaluate.ts')).evaluateCommand,
  },
  {
    name: 'export',
    summary: 'Writes a training set of a run for a trainer elsewhere, or a tuned model for other programs.',
    main: false,
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'chat',
    summary: 'Talks with a model here, or with several side by side.',
    main: false,
    load: async () => (await import('./chat.ts')).chatCommand,
  },
  {
    name: 'serve',
    summary: 'Serves models on this machine to programs that know the API of OpenAI.',
    main: false,
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    name: 'model',
    summary: 'Keeps base models: adds, lists, shows and removes them.',
    main: false,
    load: async () => (await import('./model.ts')).modelCommand,
  },
  {
    name: 'runs',
    summary: 'Lists the runs of a project, or compares some of them.',
    main: false,
    load: async () => (await import('./runs.ts')).runsCommand,
  },
  {
    name: 'clean',
    summary: 'Removes what no run refers to any more, and old runs.',
    main: false,
    load: async () => (await import('./clean.ts')).cleanCommand,
  },
  {
    name: 'completion',
    summary: 'Prints a script that lets your shell complete commands, flags and runs.',
    main: false,
    load: async () => (await import('./completion.ts')).completionCommand,
  },
]
