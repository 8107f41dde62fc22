import { durationText, memoryText, plural } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Timing } from './timing-schema.ts'

/** All steps of one name, which replicates repeat: `tune:mixed@0`, `tune:mixed@1`. */
interface StepGroup {
  readonly name: string
  readonly steps: Timing['steps']
}

/** What the run cost, step by step; replicates of one step are added up. */
export function timingSection(timing: Timing): Html {
  const groups = [...Map.groupBy(timing.steps, step => step.name.replace(/@\d+$/, ''))].map(
    ([name, steps]): StepGroup => ({ name, steps }),
  )
  const longest = Math.max(...groups.map(secondsOf), 0)
  const reused = timing.steps.filter(step => step.skipped).length
  const peak = Math.max(...timing.steps.map(step => step.memory ?? 0), 0)
  return html`<section id="cost">
    <h2>Time and cost</h2>
    <p class="standfirst">
      ${durationText(timing.total)} in
      all${timing.predicted === undefined ? '' : `, ${durationText(timing.predicted)} foretold`}${
        peak > 0 ? `, at most ${memoryText(peak)} of memory` : ''
      }.
      ${reused > 0 ? `${plural(reused, 'step')} of ${timing.steps.length} ${reused === 1 ? 'was' : 'were'} taken from an earlier run, at no cost; their times are those of that run.` : ''}
    </p>
    <table class="chart bars">
      <caption>
        <b>Time by step</b
        >On the clock; steps that repeat are added up, and those side by side count each.
      </caption>
      <tbody>
        ${groups.map(group => row(group, longest))}
      </tbody>
    </table>
  </section>`
}

function secondsOf({ steps }: StepGroup): number {
  return steps.reduce((sum, step) => sum + step.seconds, 0)
}

function row(group: StepGroup, longest: number): Html {
  const { steps } = group
  const seconds = secondsOf(group)
  const reused = steps.filter(step => step.skipped).length
  const memory = Math.max(...steps.map(step => step.memory ?? 0))
  const details = [
    steps.length > 1 ? `${steps.length} times` : null,
    reused === 0 ? null : reused === steps.length ? 'reused' : `${reused} reused`,
    memory > 0 ? memoryText(memory) : null,
  ].filter(part => part !== null)
  const width = longest > 0 ? Math.round((seconds / longest) * 10_000) / 100 : 0
  return html`<tr>
    <th scope="row">
      ${group.name}${details.length > 0 ? html` <small>${details.join(', ')}</small>` : null}
    </th>
    <td class="figures"><b>${durationText(seconds)}</b></td>
    <td class="track">
      <svg aria-hidden="true">
        <rect class="bar-back" width="100%" height="100%" />
        <rect class="bar ${reused === steps.length ? 'reused' : 'with'}" width="${width}%" height="100%" />
      </svg>
    </td>
  </tr>`
}
