import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { PRIVATE, replaceFile, writeFileAtomic } from './file.ts'

const folder = scratchFolder()

test('text and bytes are written, missing folders made, old content replaced, nothing left beside it', async () => {
  const file = path.join(folder.path, 'a', 'b', 'file.txt')
  await writeFileAtomic(file, 'one')
  await writeFileAtomic(file, Buffer.from('two'))
  expect(await readFile(file, 'utf8')).toBe('two')
  expect(await readdir(path.dirname(file))).toEqual(['file.txt'])
})

test('a private file is its owner’s alone, from before its content is written', async () => {
  const file = path.join(folder.path, 'private')
  await replaceFile(
    file,
    async temporary => expect((await stat(temporary)).mode & 0o777).toBe(0o600),
    PRIVATE,
  )
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('where the writing fails, the old content stays and nothing is left beside it', async () => {
  const file = path.join(folder.path, 'c', 'file.txt')
  await writeFileAtomic(file, 'old')
  const failing = replaceFile(file, async () => {
    throw new Error('disk full')
  })
  await expect(failing).rejects.toThrow('disk full')
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(path.dirname(file))).toEqual(['file.txt'])
})

test('many writers of one file leave the whole content of one of them', async () => {
  const file = path.join(folder.path, 'd', 'file.txt')
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000))
  await Promise.all(contents.map(content => writeFileAtomic(file, content)))
  expect(contents).toContain(await readFile(file, 'utf8'))
  expect(await readdir(path.dirname(file))).toEqual(['file.txt'])
})
