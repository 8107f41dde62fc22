import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { compile } from '../../src/tensor/compile.ts'
import { add, mul } from '../../src/tensor/ops/arithmetic.ts'
import { gather } from '../../src/tensor/ops/gather.ts'
import { gradient } from '../../src/tensor/gradient.ts'
import { constant, input } from '../../src/tensor/ops/leaf.ts'
import { greater } from '../../src/tensor/ops/logic.ts'
import { matmul } from '../../src/tensor/ops/matmul.ts'
import { sum } from '../../src/tensor/ops/reduce.ts'
import { openLocalSession, type Session } from '../../src/tensor/session.ts'
import { openSession } from '../../src/tensor/worker-session.ts'

const total = input('total', [2])
const added = input('added', [2])
const counter = compile({ outputs: { before: total }, updates: { total: add(total, added) } })
const doubler = compile({ outputs: { doubled: mul(total, 2) } })
const opened: Session[] = []

afterEach(async () => {
  for (const session of opened.splice(0)) await session.close()
})

for (const [place, open] of [
  ['this thread', openLocalSession],
  ['a thread of its own', openSession],
] as const) {
  test(`programs share a state that runs update, in ${place}`, async () => {
    const session = await open({ programs: { counter }, state: { total: Float32Array.of(1, 2) } })
    opened.push(session)
    const one = { added: Float32Array.of(1, 10) }
    expect(await session.run('counter', one)).toEqual({ before: Float32Array.of(1, 2) })
    expect(await session.run('counter', one)).toEqual({ before: Float32Array.of(2, 12) })
    expect(await session.run('counter', one)).toEqual({ before: Float32Array.of(3, 22) })
    await session.load('doubler', doubler)
    expect(await session.run('doubler')).toEqual({ doubled: Float32Array.of(8, 64) })
    expect(await session.read(['total'])).toEqual({ total: Float32Array.of(4, 32) })
    await session.write({ total: Float32Array.of(0, 0) })
    expect(await session.run('doubler')).toEqual({ doubled: Float32Array.of(0, 0) })
  })

  test(`what is fed wrongly is named, in ${place}`, async () => {
    const session = await open({ programs: { counter }, state: { total: Float32Array.of(1, 2) } })
    opened.push(session)
    await expect(session.run('counter')).rejects.toThrow('input added is neither fed nor part of the state')
    await expect(session.run('counter', { added: Float32Array.of(1) })).rejects.toThrow(
      'added: 1 values in Float32Array for float32 [2]',
    )
    await expect(
      session.run('counter', { added: Float32Array.of(1, 2), amount: Float32Array.of(1) }),
    ).rejects.toThrow('there is no input amount; there are total, added')
    await expect(session.run('count')).rejects.toThrow('no program is called count')
    expect(await session.run('counter', { added: Float32Array.of(1, 1) })).toEqual({
      before: Float32Array.of(1, 2),
    })
  })

  test(`an aborted signal ends a session in ${place}`, async () => {
    const controller = new AbortController()
    const session = await open({
      programs: { counter },
      state: { total: Float32Array.of(1, 2) },
      signal: controller.signal,
    })
    opened.push(session)
    const feeds = { added: Float32Array.of(1, 1) }
    await session.run('counter', feeds)
    controller.abort(new Error('enough'))
    await expect(session.run('counter', feeds)).rejects.toThrow('enough')
  })

  test(`an execution provider that is not there is named, in ${place}`, async () => {
    const opening = open({ programs: { counter }, execution: { provider: 'coreml' } })
    if (process.platform === 'darwin') return opened.push(await opening)
    return expect(opening).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('no execution provider coreml; it has cpu'),
    })
  })
}

test('the state is held without a copy where nothing updates it, and never written to', async () => {
  const given = { total: Float32Array.of(1, 2), weights: Float32Array.of(5) }
  const frozen = compile({ outputs: { product: mul(total, input('weights', [1])) } })
  const session = await openLocalSession({ programs: { counter, frozen }, state: given })
  opened.push(session)
  for (let time = 0; time < 3; time++) await session.run('counter', { added: Float32Array.of(1, 1) })
  expect(given).toEqual({ total: Float32Array.of(1, 2), weights: Float32Array.of(5) })
  expect(await session.run('frozen')).toEqual({ product: Float32Array.of(20, 25) })
  given.weights[0] = 1
  expect(await session.run('frozen')).toEqual({ product: Float32Array.of(4, 5) })
})

test('a run under way is rejected as soon as the signal aborts', async () => {
  const size = 1024
  const [a, b] = [input('a', [size, size]), input('b', [size, size])]
  let product = matmul(a, b)
  for (let time = 0; time < 200; time++) product = matmul(product, b)
  const controller = new AbortController()
  const session = await openSession({
    programs: { long: compile({ outputs: { sum: sum(product) } }) },
    state: { a: new Float32Array(size * size), b: new Float32Array(size * size) },
    signal: controller.signal,
  })
  opened.push(session)
  const outcome = session.run('long').then(
    () => 'finished',
    (error: unknown) => error,
  )
  await new Promise(resolve => setTimeout(resolve, 20))
  controller.abort('stopped by hand')
  expect(await outcome).toBe('stopped by hand')
})

test('integers and booleans are fed and returned', async () => {
  const numbers = input('numbers', [3], 'int32')
  const program = compile({ outputs: { isLarge: greater(numbers, 1), same: numbers } })
  const session = await openLocalSession({ programs: { program } })
  opened.push(session)
  expect(await session.run('program', { numbers: Int32Array.of(0, 1, 2) })).toEqual({
    isLarge: Uint8Array.of(0, 0, 1),
    same: Int32Array.of(0, 1, 2),
  })
})

test('gradients of an embedding add up where indices repeat, on several threads', async () => {
  // ScatterND with reduction "add" loses some of these additions: https://github.com/microsoft/onnxruntime/issues/23396
  const [rows, width, count] = [5, 64, 20_000]
  const table = input('table', [rows, width])
  const indices = input('indices', [count], 'int32')
  const [slope] = gradient(sum(gather(table, indices)), [table])
  const session = await openLocalSession({
    programs: { program: compile({ outputs: { slope: slope! } }) },
    execution: { threads: 4 },
  })
  opened.push(session)
  const places = Int32Array.from({ length: count }, (_, index) => (index * index + 3 * index) % rows)
  const expected = Float32Array.from({ length: rows * width }, (_, element) => {
    const row = Math.floor(element / width)
    return places.filter(place => place === row).length
  })
  for (let time = 0; time < 10; time++)
    expect(await session.run('program', { indices: places })).toEqual({ slope: expected })
})

test('an update that does not fit the state is refused', () => {
  expect(() =>
    compile({ outputs: {}, updates: { total: add(total, constant([1, 2, 3, 4], [2, 2])) } }),
  ).toThrow('update of total: [2, 2] does not replace [2]')
})

test('a process may exit while a graph runs', () => {
  const script = `
    import { compile } from './src/tensor/compile.ts'
    import { input } from './src/tensor/ops/leaf.ts'
    import { matmul } from './src/tensor/ops/matmul.ts'
    import { sum } from './src/tensor/ops/reduce.ts'
    import { openSession } from './src/tensor/worker-session.ts'
    const a = input('a', [512, 512])
    let product = a
    for (let time = 0; time < 200; time++) product = matmul(product, a)
    const session = await openSession({
      programs: { long: compile({ outputs: { sum: sum(product) } }) },
      state: { a: new Float32Array(512 * 512) },
    })
    void session.run('long')
    setTimeout(() => process.exit(7), 20)`
  const run = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    encoding: 'utf8',
  })
  expect(run).toMatchObject({ status: 7, stderr: '' })
})
