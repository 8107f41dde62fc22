import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fieldReports, folderWith, runTilth } from './tilth-process.ts'

const folder = folderWith({
  'reports.csv': fieldReports(60),
  'local.csv': fieldReports(150),
  'tilth.yaml': `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
  archive: { path: local.csv, use: fit, share: local, drop: [plot] }
tasks:
  yield: { kind: label, answer: yield, prompts: ['{{ soil }}, {{ rain }}?', '{{ crop }} on {{ soil }}?'] }
generators:
  archive: { use: records, fitOn: [archive] }
  own: { use: records, rare: 1 }
mixtures:
  mixed: { generators: [archive, own], perReal: 1 }
`,
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Told {
  readonly generate: {
    readonly mixed: {
      readonly rows: readonly { readonly origin: { readonly share: string } }[]
      readonly hidden?: { readonly rows: number; readonly folder: string }
    }
  }
}

test('rows made from local data are counted and located, not printed, but for a flag', async () => {
  const shown = await runTilth(folder, 'generate')
  expect(shown.out.replaceAll(/\s+/g, ' ')).toMatch(
    /mixed: 60 rows were made; 30 of them, made from local data, are not shown and lie in \S*private.store/,
  )
  const { mixed } = (JSON.parse((await runTilth(folder, 'generate', '--json')).out) as Told).generate
  expect(mixed.rows).toHaveLength(30)
  expect(mixed.rows.every(({ origin }) => origin.share === 'anyone')).toBe(true)
  expect(mixed.hidden).toMatchObject({ rows: 30 })
  const all = await runTilth(folder, 'generate', '--json', '--include-local')
  expect((JSON.parse(all.out) as Told).generate.mixed.rows).toHaveLength(60)
})

test('mix says where its files are, as seen from here', async () => {
  const { out } = await runTilth(folder, 'mix', '--json')
  const { mixed } = (JSON.parse(out) as { mix: { mixed: { folder: string } } }).mix
  expect(existsSync(path.resolve(folder, mixed.folder, 'train.parquet'))).toBe(true)
  expect((await runTilth(folder, 'mix')).out).toMatch(/private.store.\w+.train\.jsonl/)
})
