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

/** One redrawn line on a terminal; elsewhere a plain line every few seconds. Measured times are for people alone. */
export function showProgress(terminal: Terminal): Progress {
  const drawn = terminal.interactive
  const fetch = showFetch(terminal)
  const state = {
    name: '',
    index: 0,
    total: 0,
    share: 0,
    /** Whether the step counts from the start again and again, so that its share tells nothing of the whole. */
    rounds: false,
    predicted: 0,
    left: 0,
    madePredicted: 0,
    madeSeconds: 0,
    training: null as TrainingPulse | null,
  }
  const clock = { shown: -Infinity, frame: 0, began: 0 }
  const rate = { tokens: 0, at: 0 }

  /** Predicted seconds, corrected by how the predictions of this run have turned out so far. */
  const secondsLeft = (): number | null => {
    const share = state.rounds ? 0 : state.share
    const running = state.rounds ? 0 : (performance.now() - clock.began) / 1000
    const made = state.madePredicted + state.predicted * share
    if (made === 0 || state.madeSeconds + running < 2) return null
    const left = state.left - state.predicted * share
    return Math.max(0, left) * ((state.madeSeconds + running) / made)
  }
  const trainingWords = (): string => {
    if (state.training === null) return ''
    const { loss, tokens } = state.training
    const seconds = (performance.now() - rate.at) / 1000
    const speed = seconds > 0.5 ? ` · ${Math.round((tokens - rate.tokens) / seconds)} tokens/s` : ''
    return ` · loss ${loss.toPrecision(3)}${speed}`
  }
  const line = (): string => {
    const left = secondsLeft()
    const share =
      state.share > 0 && state.share < 1 && !state.rounds ? ` ${Math.floor(state.share * 100)} %` : ''
    const ending = left === null ? '' : ` · about ${formatRoughly(left)} left`
    return `step ${state.index + 1} of ${state.total} · ${wordsOf(state.name)}${share}${trainingWords()}${ending}`
  }
  const show = (): void => {
    const now = performance.now()
    if (state.name === '' || now - clock.shown < (drawn ? pause.drawn : pause.plain)) return
    clock.shown = now
    if (!drawn) return terminal.note(line())
    const mark = terminal.style('cyan', spinner[clock.frame++ % spinner.length]!)
    terminal.draw(`\r\u001B[2K${mark} ${line().slice(0, terminal.width - 3)}`)
  }
  const clear = (): void => {
    if (drawn) terminal.draw('\r\u001B[2K')
  }

  return {
    log(message) {
      clear()
      terminal.note(message)
    },
    step({ name, state: happened, seconds, index, total, predicted, left }) {
      if (happened === 'skipped') return
      if (happened === 'start') {
        clock.began = performance.now()
        Object.assign(state, { name, index, total, share: 0, rounds: false, predicted, left, training: null })
      } else {
        state.madePredicted += predicted
        state.madeSeconds += seconds
      }
      show()
    },
    progress(step, done, total, training) {
      if (training !== undefined && training.tokens < (state.training?.tokens ?? Infinity))
        Object.assign(rate, { tokens: training.tokens, at: performance.now() })
      state.training = training ?? null
      if (step === state.name && total > 0) {
        state.rounds ||= done / total < state.share
        state.share = done / total
      }
      show()
    },
    fetching: fetch.fetching,
    stop: clear,
  }
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
