import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const folder = mkdtempSync(path.join(tmpdir(), 'tilth-package-'))
let tarball: string

beforeAll(async () => {
  await run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'])
  tarball = path.join(
    folder,
    readdirSync(folder).find(name => name.endsWith('.tgz'))!,
  )
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Sixty rows whose label follows from one column and some noise. */
function reports(): string {
  const lines = Array.from({ length: 60 }, (_, index) => {
    const size = ['small', 'medium', 'large'][index % 3]!
    const damaged = size === 'large' || index % 7 === 0 ? 'yes' : 'no'
    return `${size},${['day', 'night'][index % 2]},${100 + ((index * 37) % 90)},${damaged}`
  })
  return ['size,time,speed,damaged', ...lines].join('\n')
}

test.each(['22.18.0', '24'])(
  'the package gives a working command and library on Node %s',
  { timeout: 240_000 },
  async version => {
    const place = path.join(folder, `node-${version}`)
    mkdirSync(place)
    writeFileSync(
      path.join(place, 'package.json'),
      JSON.stringify({ private: true, type: 'module', allowScripts: { node: true } }),
    )
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball, `node@${version}`], {
      cwd: place,
    })
    const bin = path.join(place, 'node_modules', '.bin')
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH']}` }

    const { stdout: node } = await run('node', ['--version'], { cwd: place, env })
    expect(node).toMatch(new RegExp(`^v${version.replaceAll('.', '\\.')}`))

    writeFileSync(path.join(place, 'reports.csv'), reports())
    const { stdout } = await run('tilth', ['try', 'reports.csv', '--label', 'damaged', '--save', '--json'], {
      cwd: place,
      env,
    })
    const answer = JSON.parse(stdout) as { report: { version: number; answer: Record<string, string> } }
    expect(answer.report.version).toBe(1)
    expect(Object.keys(answer.report.answer)).toEqual(['helped', 'missing', 'next'])

    writeFileSync(
      path.join(place, 'library.mjs'),
      `import { defineProject, loadProject, reportSchema, runProject } from 'tilth'
const loaded = await loadProject('.')
const events = { log() {}, step() {}, progress() {} }
const { report, steps } = await runProject({ loaded, signal: new AbortController().signal, events })
reportSchema.parse(report)
console.log(JSON.stringify({ identity: defineProject(loaded.project) === loaded.project, skipped: steps.every(step => step.skipped) }))`,
    )
    const { stdout: library } = await run('node', ['library.mjs'], { cwd: place, env })
    expect(JSON.parse(library)).toEqual({ identity: true, skipped: true })
  },
)
