import { createContext, Script } from 'node:vm'

const script = new Script('work()')
const globals = { work(): void {} }
const context = createContext(globals)

/**
 * Runs work that does not wait, and ends it after so many milliseconds, even within a loop: `late` then says what to throw.
 */
export function withTimeLimit<T>(milliseconds: number, work: () => T, late: () => Error): T {
  let result: { readonly value: T } | undefined
  globals.work = () => void (result = { value: work() })
  try {
    script.runInContext(context, { timeout: milliseconds })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? late() : error
  }
  return result!.value
}
