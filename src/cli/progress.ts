import { performance } from 'node:perf_hooks'
import type { TrainingPulse } from '../context.ts'
import type { RunEvents } from '../run/run.ts'
import { showFetch } from './fetch-progress.ts'
import type { Terminal } from './terminal.ts'
import { formatRoughly } from './text.ts'

/** The events of a run, shown as they come; `stop` clears what would be left standing. */
export interface Progress extends RunEvents {
  stop(): void
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** Milliseconds between two drawings of a line, and between two lines where nothing can be redrawn. */
const pause = { drawn: 80, plain: 5000 }

/** A step that is being made. */
interface RunningStep {
  readonly predicted: number
  /** Steps like it that run side by side. */
  readonly beside: number
  readonly began: number
  share: number
  /** Whether it counts from the start again and again, so that its share tells nothing of the whole. */
  rounds: boolean
  training: TrainingPulse | null
  /** Where its speed is counted from. */
  rate: { readonly tokens: number; readonly at: number }
}

/** One redrawn line on a terminal; elsewhere a plain line every few seconds. Measured times are for people alone. */
export function showProgress(terminal: Terminal): Progress {
  const drawn = terminal.interactive
  const fetch = showFetch(terminal)
  const state = { index: 0, total: 0, left: 0, madePredicted: 0, madeSeconds: 0 }
  /** The steps that are being made, by name, in the order in which they began. */
  const running = new Map<string, RunningStep>()
  const clock = { shown: -Infinity, frame: 0 }

  /** Predicted seconds, corrected by how the predictions of this run have turned out so far. */
  const secondsLeft = (): number | null => {
    const under = [...running.values()].map(step => {
      const share = step.rounds ? 0 : step.share
      const seconds = step.rounds ? 0 : (performance.now() - step.began) / 1000
      return { predicted: (step.predicted * share) / step.beside, seconds: seconds / step.beside }
    })
    const predicted = under.reduce((sum, step) => sum + step.predicted, 0)
    const made = state.madePredicted + predicted
    const seconds = state.madeSeconds + under.reduce((sum, step) => sum + step.seconds, 0)
    if (made === 0 || seconds < 2) return null
    return Math.max(0, state.left - predicted) * (seconds / made)
  }
  const line = ([name, first]: readonly [string, RunningStep]): string => {
    const left = secondsLeft()
    const share =
      first.share > 0 && first.share < 1 && !first.rounds ? ` ${Math.floor(first.share * 100)} %` : ''
    const others = running.size > 1 ? ` · ${running.size - 1} more beside it` : ''
    const ending = left === null ? '' : ` · about ${formatRoughly(left)} left`
    return `step ${state.index + 1} of ${state.total} · ${wordsOf(name)}${share}${trainingWords(first)}${others}${ending}`
  }
  const show = (): void => {
    const now = performance.now()
    const [first] = running
    if (first === undefined || now - clock.shown < (drawn ? pause.drawn : pause.plain)) return
    clock.shown = now
    if (!drawn) return terminal.note(line(first))
    const mark = terminal.style('cyan', spinner[clock.frame++ % spinner.length]!)
    terminal.draw(`\r\u001B[2K${mark} ${line(first).slice(0, terminal.width - 3)}`)
  }
  const clear = (): void => {
    if (drawn) terminal.draw('\r\u001B[2K')
  }

  return {
    log(message) {
      clear()
      terminal.note(message)
    },
    step({ name, state: happened, seconds, index, total, predicted, left, beside }) {
      if (happened === 'skipped') return
      Object.assign(state, { index: Math.max(index, state.index), total, left })
      if (happened === 'start') {
        const began = performance.now()
        const rate = { tokens: 0, at: began }
        running.set(name, { predicted, beside, began, share: 0, rounds: false, training: null, rate })
      } else {
        running.delete(name)
        state.left = Math.max(0, left - predicted / beside)
        state.madePredicted += predicted / beside
        state.madeSeconds += seconds / beside
      }
      show()
    },
    progress(name, done, total, training) {
      const step = running.get(name)
      if (step === undefined) return
      if (training !== undefined && training.tokens < (step.training?.tokens ?? Infinity))
        step.rate = { tokens: training.tokens, at: performance.now() }
      step.training = training ?? null
      if (total > 0) {
        step.rounds ||= done / total < step.share
        step.share = done / total
      }
      show()
    },
    fetching: fetch.fetching,
    stop: clear,
  }
}

function trainingWords({ training, rate }: RunningStep): string {
  if (training === null) return ''
  const { loss, tokens } = training
  const seconds = (performance.now() - rate.at) / 1000
  const speed = seconds > 0.5 ? ` · ${Math.round((tokens - rate.tokens) / seconds)} tokens/s` : ''
  return ` · loss ${loss.toPrecision(3)}${speed}`
}

/** `tune:real-weighted@2` as `tune real-weighted (3)`. */
function wordsOf(name: string): string {
  const [, kind = name, subject, replicate] = /^([^:@]+)(?::([^@]+))?(?:@(\d+|all))?$/.exec(name) ?? []
  return [
    kind,
    subject,
    replicate === undefined ? undefined : replicate === 'all' ? '(all rows)' : `(${Number(replicate) + 1})`,
  ]
    .filter(part => part !== undefined)
    .join(' ')
}
