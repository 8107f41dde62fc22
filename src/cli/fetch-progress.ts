import { performance } from 'node:perf_hooks'
import type { FetchEvents } from '../base/fetch-model.ts'
import { formatBytes } from '../data/bytes.ts'
import type { Terminal } from './terminal.ts'
import { formatRoughly } from './text.ts'

/** Milliseconds between two drawings of a line, and between two lines where nothing can be redrawn. */
const pause = { drawn: 100, plain: 5000 }

/** Milliseconds that the rate is taken over: what was slow at the start says little of what is left. */
const WINDOW = 10_000

/** A line that is redrawn on a terminal, elsewhere one every few seconds: bytes, rate, time left. `stop` clears it. */
export function showFetch(terminal: Terminal): FetchEvents & { stop(): void } {
  const drawn = terminal.interactive
  let recent: readonly { readonly at: number; readonly done: number }[] = []
  let shown = -Infinity
  const clear = (): void => {
    if (drawn) terminal.draw('\r\u001B[2K')
  }
  return {
    log(message) {
      clear()
      terminal.note(message)
    },
    fetching(done, total) {
      const now = performance.now()
      // Off a terminal, what is fetched at once needs no line beside what was said of it.
      const isFirst = recent.length === 0
      if (!isFirst && now - shown < (drawn ? pause.drawn : pause.plain)) return
      shown = now
      recent = [...recent.filter(({ at }) => now - at < WINDOW), { at: now, done }]
      if (isFirst && !drawn) return
      const oldest = recent[0]!
      const line = formatFetch({ done, total, rate: ((done - oldest.done) / (now - oldest.at)) * 1000 })
      if (drawn) terminal.draw(`\r\u001B[2K${line.slice(0, terminal.width - 1)}`)
      else terminal.note(line)
    },
    stop: clear,
  }
}

/** `120 MB of 270 MB · 44 % · 12 MB/s · about 15 s left`; `rate` is in bytes a second, no number before it is known. */
export function formatFetch({
  done,
  total,
  rate,
}: {
  readonly done: number
  readonly total: number
  readonly rate: number
}): string {
  const share = total === 0 ? 100 : Math.floor((100 * done) / total)
  const speed =
    rate > 0 && Number.isFinite(rate)
      ? ` · ${formatBytes(Math.round(rate))}/s · about ${formatRoughly((total - done) / rate)} left`
      : ''
  return `${formatBytes(done)} of ${formatBytes(total)} · ${share} %${done < total ? speed : ''}`
}
