import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeLock } from '../src/data/lock.ts'
import { folderWith, runTilth } from './tilth-process.ts'

const project = (): string =>
  folderWith({
    'runs/a-1/plan.json': '{"steps":[{"name":"gaps","key":"kept","local":false}]}',
    '.tilth/store/kept/value.json': '1',
    '.tilth/store/nobody/value.json': 'x'.repeat(1500),
  })

test('clean --dry-run says what would go and how much that is, and removes nothing', async () => {
  const folder = project()
  const { code, out, err } = await runTilth(folder, 'clean', '--dry-run')
  expect(code).toBe(0)
  expect(out).toMatch(/results that no run refers to +1 +1\.5 kB/)
  expect(err).toContain('Nothing was removed.')
  expect(readdirSync(join(folder, '.tilth/store')).toSorted()).toEqual(['kept', 'nobody'])
})

test('off a terminal, clean removes nothing until --yes is said', async () => {
  const folder = project()
  const asked = await runTilth(folder, 'clean')
  expect(asked.code).toBe(1)
  expect(asked.err).toContain('`--yes` removes it')
  expect(existsSync(join(folder, '.tilth/store/nobody'))).toBe(true)
  const { code, out } = await runTilth(folder, 'clean', '--yes', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({
    removed: true,
    runs: [],
    bytes: 1500,
    removals: [{ kind: 'result', path: join(folder, '.tilth/store/nobody'), bytes: 1500 }],
  })
  expect(readdirSync(join(folder, '.tilth/store'))).toEqual(['kept'])
  expect((await runTilth(folder, 'clean')).err).toContain('There is nothing to clean in this folder.')
})

test('while a run holds the lock, nothing is removed', async () => {
  const folder = project()
  const release = takeLock(join(folder, '.tilth'))
  const { code, err } = await runTilth(folder, 'clean', '--yes')
  release()
  expect(code).toBe(1)
  expect(err).toContain('another run')
  expect(existsSync(join(folder, '.tilth/store/nobody'))).toBe(true)
})

test('clean of a folder without runs makes nothing there', async () => {
  const folder = folderWith({})
  expect((await runTilth(folder, 'clean', '--yes')).code).toBe(0)
  expect(existsSync(join(folder, '.tilth'))).toBe(false)
})

test.each([
  { raw: ['--keep', 'few'], says: '--keep is "few"; it should be a whole number from 0.' },
  { raw: ['--older-than', '30'], says: '--older-than is "30"; it should be a time such as 12h, 30d or 4w.' },
])('clean $raw is refused', async ({ raw, says }) => {
  const { code, err } = await runTilth(folderWith({}), 'clean', ...raw)
  expect(code).toBe(2)
  expect(err).toContain(says)
})
