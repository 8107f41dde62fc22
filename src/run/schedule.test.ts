import { expect, test } from 'vitest'
import { performInOrder, type Task } from './schedule.ts'

const neverAborted = new AbortController().signal

/** A task that goes on until it is told. */
function openTasks() {
  const ends = new Map<string, { resolve(): void; reject(error: unknown): void }>()
  const begun: string[] = []
  return {
    begun,
    perform: ({ name }: Task, signal: AbortSignal) => {
      begun.push(name)
      return new Promise<void>((resolve, reject) => {
        ends.set(name, { resolve, reject })
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
    end: async (name: string, error?: Error) => {
      if (error === undefined) ends.get(name)!.resolve()
      else ends.get(name)!.reject(error)
      await new Promise(setImmediate)
    },
  }
}

const alone = (name: string, ...needs: string[]): Task => ({ name, needs, threads: null })
const beside = (name: string, threads: number, ...needs: string[]): Task => ({ name, needs, threads })

test('what must be alone is done first, and the others fill the threads', async () => {
  const tasks = openTasks()
  const list = [
    alone('prepare'),
    beside('a', 1, 'prepare'),
    beside('b', 1, 'prepare'),
    alone('fill', 'prepare'),
    beside('c', 2, 'fill'),
    alone('report', 'a', 'b', 'c'),
  ]
  const all = performInOrder(list, { threads: 2, signal: neverAborted, perform: tasks.perform })
  expect(tasks.begun).toEqual(['prepare'])
  await tasks.end('prepare')
  expect(tasks.begun).toEqual(['prepare', 'fill'])
  await tasks.end('fill')
  expect(tasks.begun).toEqual(['prepare', 'fill', 'a', 'b'])
  await tasks.end('b')
  expect(tasks.begun).toHaveLength(4)
  await tasks.end('a')
  expect(tasks.begun.slice(4)).toEqual(['c'])
  await tasks.end('c')
  await tasks.end('report')
  await all
})

test('a task of more threads than there are is begun when nothing else runs', async () => {
  const tasks = openTasks()
  const list = [beside('small', 1), beside('large', 4)]
  const all = performInOrder(list, { threads: 2, signal: neverAborted, perform: tasks.perform })
  expect(tasks.begun).toEqual(['small'])
  await tasks.end('small')
  expect(tasks.begun).toEqual(['small', 'large'])
  await tasks.end('large')
  await all
})

test('the first that throws ends those under way, begins none, and is what is thrown', async () => {
  const tasks = openTasks()
  const list = [beside('good', 1), beside('bad', 1), beside('later', 1)]
  const all = performInOrder(list, { threads: 2, signal: neverAborted, perform: tasks.perform })
  await Promise.all([expect(all).rejects.toThrow('came apart'), tasks.end('bad', new Error('came apart'))])
  expect(tasks.begun).toEqual(['good', 'bad'])
})

test('an abort ends those under way and begins none', async () => {
  const tasks = openTasks()
  const control = new AbortController()
  const list = [beside('one', 1), beside('two', 1), beside('three', 1)]
  const all = performInOrder(list, { threads: 2, signal: control.signal, perform: tasks.perform })
  control.abort(new Error('stopped'))
  await expect(all).rejects.toThrow('stopped')
  expect(tasks.begun).toEqual(['one', 'two'])
})
