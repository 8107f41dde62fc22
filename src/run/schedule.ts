/** Something to be done after others. */
export interface Task {
  readonly name: string
  /** Names of those that must be done before; names that are not in the list count as done. */
  readonly needs: readonly string[]
  /** Threads that it keeps busy beside those of others; null for one that must have the process to itself. */
  readonly threads: number | null
}

export interface ScheduleOptions<Each extends Task> {
  /** Threads that may be busy at once; one task is begun whatever it takes. */
  readonly threads: number
  readonly signal: AbortSignal
  /** Ends when `signal` aborts; so it does when another task throws. */
  perform(task: Each, signal: AbortSignal): Promise<void>
}

/**
 * Does the tasks, each after those that it needs: in the order of the list, but that those which must be alone go before
 * those which need not, so that the latter come together and fill the threads. The first that throws ends those under
 * way; when they have ended, its error is thrown. Throws the signal's reason when that aborts.
 */
export async function performInOrder<Each extends Task>(
  tasks: readonly Each[],
  { threads, signal, perform }: ScheduleOptions<Each>,
): Promise<void> {
  const waiting = [...tasks]
  const undone = new Set(tasks.map(({ name }) => name))
  const running = new Map<Each, Promise<void>>()
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const errors: unknown[] = []

  const next = (): Each | undefined => {
    const ready = waiting.filter(({ needs }) => !needs.some(name => undone.has(name)))
    if (running.size === 0) return ready.find(task => task.threads === null) ?? ready[0]
    const busy = [...running.keys()]
    if (busy.some(task => task.threads === null)) return undefined
    const used = busy.reduce((sum, task) => sum + task.threads!, 0)
    return ready.find(task => task.threads !== null && used + task.threads <= threads)
  }
  const begin = (task: Each): void => {
    waiting.splice(waiting.indexOf(task), 1)
    const done = perform(task, either)
      .then(() => void undone.delete(task.name))
      .catch((error: unknown) => {
        errors.push(error)
        failure.abort(error)
      })
      .finally(() => running.delete(task))
    running.set(task, done)
  }

  while (waiting.length > 0 || running.size > 0) {
    if (!either.aborted) {
      const task = next()
      if (task !== undefined) {
        begin(task)
        continue
      }
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  if (errors.length > 0) throw errors[0]
  signal.throwIfAborted()
  if (waiting.length > 0) throw new Error(`${waiting[0]!.name} needs what needs it`)
}
