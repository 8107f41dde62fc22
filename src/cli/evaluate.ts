import type { Report } from '../report/report-schema.ts'
import { exitCodes } from './exit.ts'
import { bySubject, defineStageCommand } from './stage.ts'
import { formatTable } from './text.ts'
import { formatScore, formatVerdict } from './verdict.ts'

type Evaluated = Pick<Report, 'arms' | 'uplift'>

export const evaluateCommand = defineStageCommand({
  name: 'evaluate',
  summary: 'Scores the students on held-out real rows.',
  details:
    'Scores every arm on the sealed rows, or in the scarce regime on held-out folds, and compares. Every look at the same sealed rows is counted and told in the report, ' +
    'so look when the project is as you want it.',
  show(result, terminal) {
    for (const [, { arms, uplift }] of bySubject<Evaluated>(result)) {
      const rows = arms.flatMap(arm =>
        arm.tasks.flatMap(({ task, scores }) =>
          Object.entries(scores).map(([metric, { mean, sd }]) => [
            arm.name,
            task,
            metric,
            formatScore(metric, mean),
            formatScore(metric, sd),
          ]),
        ),
      )
      if (rows.length === 0) terminal.note('No student could learn a task of this project.')
      else terminal.out(`${formatTable(['training set', 'task', 'metric', 'mean', 'deviation'], rows)}\n`)
      for (const each of uplift) terminal.out(`${formatVerdict(each)}: ${each.arm} against ${each.rival}`)
    }
    return exitCodes.done
  },
})
