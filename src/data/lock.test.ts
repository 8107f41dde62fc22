import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tilth-lock-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A real process that takes the lock, says so, and waits. */
async function holder(): Promise<ReturnType<typeof spawn>> {
  const code = `import { takeLock } from ${JSON.stringify(path.resolve('src/data/lock.ts'))}
takeLock(${JSON.stringify(folder)})
console.log('held')
setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('of two processes the second is told who holds the folder', async () => {
  const child = await holder()
  expect(() => takeLock(folder)).toThrow(new RegExp(`process ${child.pid}`))
  child.kill('SIGKILL')
  await once(child, 'exit')
})

test('the lock of a killed process is taken over', async () => {
  const child = await holder()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const release = takeLock(folder)
  expect(JSON.parse(readFileSync(path.join(folder, 'lock'), 'utf8'))).toMatchObject({ process: process.pid })
  release()
})

test('a process id that was given to another process since does not hold the lock', () => {
  writeFileSync(path.join(folder, 'lock'), JSON.stringify({ process: process.pid, started: '1' }))
  expect(() => takeLock(folder)()).not.toThrow()
})

test('a lock file cut short is no lock', () => {
  writeFileSync(path.join(folder, 'lock'), '{"proc')
  expect(() => takeLock(folder)()).not.toThrow()
})

test('a lock that was given back can be taken again', () => {
  takeLock(folder)()
  expect(() => takeLock(folder)()).not.toThrow()
})
