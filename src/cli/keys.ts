import { emitKeypressEvents } from 'node:readline'
import type { Readable } from 'node:stream'

/** One key. `text` is what it types, empty for keys that type nothing. */
export interface Key {
  readonly name: string
  readonly ctrl: boolean
  readonly text: string
}

/** Keys one by one, as they are pressed; keys pressed ahead wait. */
export interface KeyReader {
  /** Null where there will be no more: the input ended, or the signal was given. */
  next(): Promise<Key | null>
  /** Gives the input back as it was. */
  close(): void
}

type Input = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown }

/** Reads keys from a terminal without waiting for the end of a line, or from any stream of text. */
export function readKeys(input: Input, signal: AbortSignal): KeyReader {
  const pressed: Key[] = []
  let ended = signal.aborted
  let wake: (() => void) | undefined
  const press = (text: string | undefined, key: { name?: string; ctrl?: boolean; meta?: boolean }): void => {
    const ctrl = key.ctrl === true
    const types = text !== undefined && !ctrl && key.meta !== true && !/\p{Cc}/u.test(text)
    pressed.push({ name: key.name ?? text ?? '', ctrl, text: types ? text : '' })
    wake?.()
  }
  const end = (): void => {
    ended = true
    wake?.()
  }
  emitKeypressEvents(input)
  input.on('keypress', press).on('end', end)
  signal.addEventListener('abort', end)
  if (input.isTTY === true) input.setRawMode?.(true)
  input.resume()
  return {
    async next() {
      if (pressed.length === 0 && !ended) await new Promise<void>(done => (wake = done))
      return signal.aborted ? null : (pressed.shift() ?? null)
    },
    close() {
      input.off('keypress', press).off('end', end)
      signal.removeEventListener('abort', end)
      if (input.isTTY === true) input.setRawMode?.(false)
      input.pause()
    },
  }
}
