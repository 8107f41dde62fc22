import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { writeCheckpoint } from '../src/model/checkpoint.ts'
import { scratchFolder } from './scratch-folder.ts'
import { nonsenseCheckpoint } from './served-model.ts'
import { runTilth, startTilth } from './tilth-process.ts'

const scratch = scratchFolder()
beforeAll(async () => {
  for (const name of ['base', 'tuned']) await writeCheckpoint(join(scratch.path, name), nonsenseCheckpoint())
})

test('tilth serve says where it listens, answers, and ends in order', async () => {
  const { child, ended } = await startTilth(
    scratch.path,
    'serve',
    '--model',
    'base',
    '--model=tuned',
    '--port',
    '0',
  )
  const [url] = (await once(child.stdout!, 'data')) as [string]
  const list = (await (await fetch(`${url.trim()}/models`)).json()) as { data: { id: string }[] }
  expect(list.data.map(({ id }) => id)).toEqual(['base', 'tuned'])
  const body = JSON.stringify({
    model: 'tuned',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'geese?' }],
  })
  const response = await fetch(`${url.trim()}/chat/completions`, { method: 'POST', body })
  expect(response.status).toBe(200)
  await response.text()
  child.kill('SIGINT')
  expect((await ended).code).toBe(0)
})

test('tilth chat answers with every model under its name', async () => {
  const { code, out } = await runTilth(
    scratch.path,
    ...'chat --model base --model tuned --tokens 8 --temperature 1 geese?'.split(' '),
  )
  expect(code).toBe(0)
  const [base, tuned] = [out.indexOf('base\n'), out.indexOf('tuned\n')]
  expect(base).toBe(0)
  // The two are the same model, and draw the same numbers.
  expect(out.slice(tuned + 6)).toBe(out.slice(5, tuned))
})

test.each([
  [['serve'], 1, 'No run in'],
  [['serve', '--model', 'nowhere'], 1, 'config.json'],
  [['serve', '--model', 'base', '--model', './base'], 1, 'Two models are called base'],
  [['serve', '--model', 'base', '--host', '0.0.0.0'], 1, 'TILTH_TOKEN'],
  [['serve', '--model', 'base', '--port', 'eighty'], 2, '--port is "eighty"'],
  [['chat', '--model', 'base', '--temperature', '3', 'x'], 2, '--temperature is "3"'],
])('tilth %j is refused', async (words, code, message) => {
  const ended = await runTilth(scratch.path, ...words)
  expect(ended.code).toBe(code)
  expect(ended.err).toContain(message)
})
