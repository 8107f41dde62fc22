import { availableParallelism } from 'node:os'
import type { Plan } from './plan.ts'

interface Machine {
  readonly cores: number
  /** Bytes that are free. */
  readonly memory: number
}

/**
 * Threads that the steps of a plan may keep busy together: one a core, but no more than what the memory has room for. It
 * decides what runs beside what, and no byte of any result.
 */
export function threadsAtOnce(
  { steps }: Pick<Plan, 'steps'>,
  { cores, memory }: Machine = { cores: availableParallelism(), memory: process.availableMemory() },
): number {
  const besides = steps.flatMap(({ threads, bytes }) => (threads === null ? [] : [{ threads, bytes }]))
  const largest = Math.max(0, ...besides.map(({ bytes }) => bytes))
  const fitting = largest === 0 ? Infinity : Math.floor((memory * 0.8) / largest)
  const fewest = Math.min(...besides.map(({ threads }) => threads))
  return Math.max(1, Math.min(cores, fitting * fewest))
}
