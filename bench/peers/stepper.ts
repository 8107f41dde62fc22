import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface TimedSteps {
  /** Wall time of each step. */
  readonly seconds: readonly number[]
  /** Processor time of each step, over all threads. */
  readonly processor: readonly number[]
}

/** Something that takes training steps and stays, so that steps of several can be timed in turn. */
export interface Stepper {
  take(steps: number): Promise<TimedSteps>
  /** The most memory that its process held, in bytes; undefined where the system does not tell. */
  peak(): number | undefined
  close(): Promise<void>
}

/** A process that reads a request as JSON with `steps` a line, and prints what `TimedSteps` says a line. */
export function openStepper(command: readonly [string, ...string[]], request: object): Stepper {
  const [program, ...rest] = command
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async take(steps) {
      child.stdin.write(`${JSON.stringify({ ...request, steps })}\n`)
      const line = await lines.next()
      if (line.done) throw new Error(`${rest[0]} ended`)
      return JSON.parse(line.value) as TimedSteps
    },
    peak() {
      const status = `/proc/${child.pid}/status`
      if (!existsSync(status)) return undefined
      return Number(/VmHWM:\s*(\d+) kB/u.exec(readFileSync(status, 'utf8'))?.[1]) * 1024
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
