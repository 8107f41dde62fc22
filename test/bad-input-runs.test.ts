import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  badInputFolders,
  type BadCase,
  expectCase,
  expectEnded,
  expectNothingLost,
  goodProject,
  runHere,
  snapshot,
  writeFiles,
} from './bad-input.ts'
import { type Ended, fieldReports } from './tilth-process.ts'

const folders = badInputFolders()
const main = path.resolve('src/cli/main.ts')

/** Starts a program with a folder as its place. */
function start(
  folder: string,
  program: string,
  words: readonly string[],
  more: { uid?: number } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, TMPDIR: folder, HOME: folder }
  const child = spawn(program, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...more })
  const printed = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.err += text))
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...printed })),
  }
}

const startTilth = (folder: string, ...raw: readonly string[]): ReturnType<typeof start> =>
  start(folder, process.execPath, [main, ...raw])

/** A folder with a project of some seconds and no run. */
function longProject(): string {
  const folder = folders.empty()
  writeFiles(folder, {
    'tilth.yaml': goodProject.replace('repeats: 1, folds: 3', 'repeats: 2, folds: 4'),
    'reports.csv': fieldReports(60),
  })
  return folder
}

function runOf(folder: string): string {
  const [id] = readdirSync(path.join(folder, 'runs'))
  return path.join(folder, 'runs', id!)
}

const reportOf = (folder: string): string => readFileSync(path.join(runOf(folder), 'report.json'), 'utf8')

/** Changes a file of the finished run, given by its path from the run's folder, and looks what a command makes of it. */
async function expectOfRun(
  given: Pick<BadCase, 'command' | 'code' | 'says' | 'saysNot'> & {
    readonly change: (run: string, folder: string) => void
  },
): Promise<string> {
  const folder = folders.copyOfGood()
  given.change(runOf(folder), folder)
  await expectCase(folder, { name: '', files: {}, ...given })
  return folder
}

/** Waits for a run to have begun. */
async function started(folder: string): Promise<void> {
  while (!existsSync(path.join(folder, 'runs'))) await new Promise(next => setTimeout(next, 10))
}

function makeNewer(run: string): void {
  const report = JSON.parse(readFileSync(path.join(run, 'report.json'), 'utf8')) as object
  writeFileSync(path.join(run, 'report.json'), JSON.stringify({ ...report, version: 2, novelty: {} }))
  writeFileSync(path.join(run, 'plan.json'), '{ "version": 7 }')
  writeFileSync(path.join(run, 'journal.jsonl'), '{ "version": 7, "what": "unheard of" }\n')
}

describe('a run folder of a newer version', () => {
  test.each([
    { command: ['runs'], code: 0, says: [/fields-\w+ .*newer/] },
    { command: ['report'], code: 1, says: ['a newer one made it', 'tilth run'] },
    {
      command: ['report', 'fields'],
      code: 1,
      says: ['was made by a newer tilth', 'Update tilth', 'Nothing of it was changed'],
    },
    { command: ['review', 'fields'], code: 1, says: ['was made by a newer tilth'] },
  ])('$command says so and touches nothing', async given => {
    await expectOfRun({ ...given, change: makeNewer })
  })
})

describe('a damaged run folder', () => {
  test('a report that is cut off', () =>
    expectOfRun({
      command: ['report', 'fields'],
      code: 1,
      says: ['has no report that can be read', '`tilth run` goes on with it'],
      change: run =>
        writeFileSync(path.join(run, 'report.json'), reportOf(path.dirname(path.dirname(run))).slice(0, 500)),
    }))

  test('times that are cut off', () =>
    expectOfRun({
      command: ['report'],
      code: 1,
      says: ['timing.json is missing or damaged', 'tilth run'],
      change: run => writeFileSync(path.join(run, 'timing.json'), '{"steps": ['),
    }))

  test('a kept result that is cut off is named, and made anew once it is deleted', async () => {
    let result = ''
    const folder = await expectOfRun({
      command: ['run'],
      code: 1,
      says: ['The kept result of step evaluate is damaged', 'Delete that folder'],
      change: (run, project) => {
        const { steps } = JSON.parse(readFileSync(path.join(run, 'plan.json'), 'utf8')) as {
          steps: { name: string; key: string }[]
        }
        for (const name of ['evaluate', 'report']) {
          const { key } = steps.find(step => step.name === name)!
          const place = path.join(project, '.tilth/store', key)
          if (name === 'report') rmSync(place, { recursive: true })
          else {
            result = place
            writeFileSync(path.join(place, 'value.json'), '{"confirm')
          }
        }
      },
    })
    const before = reportOf(folder)
    rmSync(result, { recursive: true })
    expect((await runHere(folder, 'run')).code).toBe(0)
    expect(reportOf(folder)).toBe(before)
  })

  test('a count of looks that is damaged is not begun anew', () =>
    expectOfRun({
      command: ['run'],
      code: 1,
      says: ['The count of the looks at the sealed rows is damaged', 'Bring the file back'],
      change: (_run, folder) => {
        const looks = path.join(folder, '.tilth/looks')
        writeFileSync(path.join(looks, readdirSync(looks)[0]!), '{"looks"')
      },
    }))
})

const simple: readonly BadCase[] = [
  {
    name: 'a lock that is no lock is taken over',
    files: { '.tilth/lock': 'half a li' },
    command: ['gaps'],
    code: 0,
    says: ['yield rows share'],
    also: folder => expect(existsSync(path.join(folder, '.tilth/lock'))).toBe(false),
  },
  {
    name: 'a file where the folder of runs should be',
    files: { runs: null, '.tilth': null },
    command: ['run'],
    code: 1,
    says: ['A file stands where a folder should be', 'Move that file away'],
  },
  {
    name: 'a file where the folder of results should be',
    files: { runs: null, '.tilth': null },
    command: ['run'],
    code: 1,
    says: ['A file stands where a folder should be', '.tilth', 'Move that file away'],
  },
]

test.each(simple)('$name', async given => {
  const folder = folders.copyOfGood()
  const inTheWay = /folder of (runs|results)/.exec(given.name)?.[1]
  writeFiles(folder, given.files)
  if (inTheWay !== undefined)
    writeFileSync(path.join(folder, inTheWay === 'runs' ? 'runs' : '.tilth'), 'mine')
  const kept = inTheWay === undefined ? given : { ...given, files: {} }
  const before = snapshot(folder)
  const ended = await runHere(folder, ...kept.command)
  expectEnded(ended, kept)
  const after = new Map(snapshot(folder))
  // The lock is given back, whoever had left it.
  const lock = before.get('.tilth/lock')
  if (lock !== undefined) after.set('.tilth/lock', lock)
  expectNothingLost(before, after)
  await kept.also?.(folder, ended)
})

test('a lock of the future, left by a process that is gone, is taken over', async () => {
  const folder = folders.copyOfGood()
  const gone = spawnSync(process.execPath, ['--eval', ''])
  const lock = path.join(folder, '.tilth/lock')
  writeFileSync(lock, JSON.stringify({ process: gone.pid, started: '1' }))
  utimesSync(lock, 4e9, 4e9)
  expect((await runHere(folder, 'run')).code).toBe(0)
})

describe('runs that are stopped', { timeout: 60_000 }, () => {
  let whole: string
  beforeAll(async () => {
    const folder = longProject()
    await startTilth(folder, 'run').ended
    whole = reportOf(folder)
  }, 60_000)

  async function expectGoesOn(folder: string): Promise<void> {
    const before = snapshot(path.join(folder, '.tilth/store'))
    const { code, err } = await startTilth(folder, 'run').ended
    expect(err).not.toContain('✗')
    expect(code).toBe(0)
    expect(reportOf(folder)).toBe(whole)
    const finished = [...before].filter(([name]) => !name.startsWith('making-'))
    expectNothingLost(new Map(finished), snapshot(path.join(folder, '.tilth/store')))
  }

  test('Ctrl-C once: stops in good order, says how to go on, and comes to the same bytes', async () => {
    const folder = longProject()
    const { child, ended } = startTilth(folder, 'run')
    await started(folder)
    child.kill('SIGINT')
    const stopped = await ended
    expectEnded(stopped, {
      code: 130,
      says: ['Ctrl-C again stops at once', 'the same command goes on from there'],
    })
    expect(existsSync(path.join(folder, '.tilth/lock'))).toBe(false)
    await expectGoesOn(folder)
  })

  test('Ctrl-C twice: stops at once, and comes to the same bytes', async () => {
    const folder = longProject()
    const { child, ended } = startTilth(folder, 'run')
    await started(folder)
    child.kill('SIGINT')
    child.kill('SIGINT')
    await once(child.stderr!, 'data')
    child.kill('SIGINT')
    const { code, err } = await ended
    expect(code).toBe(130)
    expect(err).not.toContain('    at ')
    await expectGoesOn(folder)
  })

  test('killed without a word: the next one takes over and comes to the same bytes', async () => {
    const folder = longProject()
    const { child, ended } = startTilth(folder, 'run')
    await started(folder)
    child.kill('SIGKILL')
    await ended
    expect(existsSync(path.join(folder, '.tilth/lock'))).toBe(true)
    await expectGoesOn(folder)
  })

  test('two at once: the second is told who works there, the first is not disturbed', async () => {
    const folder = longProject()
    const first = startTilth(folder, 'run')
    await started(folder)
    const second = await runHere(folder, 'run')
    expectEnded(second, { code: 1, says: [`another run (process ${first.child.pid})`, 'Wait for it to end'] })
    expect((await first.ended).code).toBe(0)
    expect(reportOf(folder)).toBe(whole)
  })

  test.each([
    { name: 'years ahead', shift: 6e11 },
    { name: 'years back', shift: -9e11 },
  ])('a clock that jumps $name, and a stopwatch that runs backwards, change nothing', async ({ shift }) => {
    const folder = longProject()
    const clock = `
      const real = Date
      globalThis.Date = class extends real {
        constructor(...given) { given.length > 0 ? super(...given) : super(real.now() + ${shift}) }
        static now() { return real.now() + ${shift} }
      }
      const now = performance.now.bind(performance)
      let asked = 0
      performance.now = () => now() - 5000 * asked++`
    const url = `data:text/javascript,${encodeURIComponent(clock)}`
    const { code, err } = await start(folder, process.execPath, ['--import', url, main, 'run']).ended
    expect(err).not.toContain('✗')
    expect(code).toBe(0)
    expect(reportOf(folder)).toBe(whole)
    const { steps, total } = JSON.parse(readFileSync(path.join(runOf(folder), 'timing.json'), 'utf8')) as {
      steps: { seconds: number }[]
      total: number
    }
    for (const seconds of [total, ...steps.map(step => step.seconds)])
      expect(seconds).toBeGreaterThanOrEqual(0)
    // Back to the true time: the run is there, whole, and nothing is made again.
    expect((await runHere(folder, 'run')).err).toContain('Nothing had to be made again')
    expect((await runHere(folder, 'report')).code).toBe(0)
    expect((await runHere(folder, 'runs')).out).toMatch(/fields-\w+ .*done/)
  })
})

const mount = path.join('/tmp', `tilth-full-${process.pid}`)
const canMount = (): boolean => {
  mkdirSync(mount, { recursive: true })
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=700k', 'tmpfs', mount])
  return status === 0
}

test(
  'a full disk (a small tmpfs, mounted for it): said, nothing lost, and with more room it goes on',
  { timeout: 60_000 },
  async ({ skip, onTestFinished }) => {
    if (!canMount()) skip('this user may not mount')
    onTestFinished(() => {
      spawnSync('umount', [mount])
      rmSync(mount, { recursive: true, force: true })
    })
    writeFiles(mount, {
      'tilth.yaml': goodProject,
      'reports.csv': fieldReports(60),
      'filler.bin': Buffer.alloc(450_000, 1),
    })
    const before = snapshot(mount)
    const ended = await startTilth(mount, 'run').ended
    expectEnded(ended, { code: 1, says: ['The disk is full', 'Make room and give the same command again'] })
    expectNothingLost(before, snapshot(mount))
    expect(spawnSync('mount', ['-o', 'remount,size=40m', mount]).status).toBe(0)
    expect((await startTilth(mount, 'run').ended).code).toBe(0)
    expectNothingLost(before, snapshot(mount))
  },
)

test.skipIf(process.platform !== 'linux')('a limit on the size of files (ulimit -f)', async () => {
  const folder = longProject()
  const before = snapshot(folder)
  const script = `trap '' XFSZ; ulimit -f 4; exec "$0" "$1" run`
  const ended = await start(folder, 'sh', ['-c', script, process.execPath, main]).ended
  expectEnded(ended, { code: 1, says: ['A file may not grow so large here', 'ulimit -f'] })
  expectNothingLost(before, snapshot(folder))
})

test.skipIf(!existsSync('/dev/full'))(
  'a result that cannot be written to where it is sent (/dev/full)',
  async () => {
    const folder = folders.copyOfGood()
    const ended = await start(folder, 'sh', ['-c', '"$0" "$1" runs > /dev/full', process.execPath, main])
      .ended
    expectEnded(ended, { code: 1, says: ['The result cannot be written: The disk is full'] })
  },
)

test('a folder that may only be read', async () => {
  const folder = folders.copyOfGood()
  rmSync(path.join(folder, '.tilth'), { recursive: true })
  spawnSync('chmod', ['a+rx', path.dirname(folder)])
  spawnSync('chmod', ['-R', 'a+rX,a-w', folder])
  const before = snapshot(folder)
  const isRoot = process.getuid?.() === 0
  const ended = await start(folder, process.execPath, [main, 'run'], isRoot ? { uid: 65534 } : {}).ended
  expectEnded(ended, {
    code: 1,
    says: ['The right to do this is missing', '.tilth', 'Give yourself the right'],
  })
  expectNothingLost(before, snapshot(folder))
  spawnSync('chmod', ['-R', 'u+w', folder])
})
