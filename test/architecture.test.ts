import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const stages = [
  'gaps',
  'advise',
  'generate',
  'validate',
  'review',
  'mix',
  'tune',
  'evaluate',
  'export',
  'report',
]

/** What each room may import besides itself and `free`. A stage never imports another stage. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  data: [],
  stats: ['data'],
  task: ['data', 'stats'],
  tensor: ['data'],
  model: ['data', 'stats', 'tensor'],
  student: ['data', 'stats', 'task', 'model'],
  base: ['data', 'model'],
  ...Object.fromEntries(stages.map(stage => [stage, ['data', 'stats', 'task', 'student']])),
  serve: ['data', 'model'],
  project: ['data', 'task', 'student', ...stages],
  propose: ['data', 'task', 'project'],
  run: ['data', 'stats', 'task', 'model', 'student', 'base', 'project', ...stages],
  cli: ['data', 'task', 'model', 'base', 'serve', 'project', 'propose', 'run', ...stages],
}

/** Single files that anyone may import. */
const free = new Set(['error.ts', 'context.ts', 'did-you-mean.ts'])

interface Import {
  readonly from: string
  readonly to: string
}

const root = path.resolve('src')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  file => file.endsWith('.ts') && !file.endsWith('.test.ts'),
)
const imports: readonly Import[] = files.flatMap(file => {
  const text = readFileSync(path.join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) => ({
    from: file,
    to: path.relative(root, path.resolve(root, path.dirname(file), target!)),
  }))
})
const roomOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : file)

test('a room imports only the rooms below it', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [room, target] = [roomOf(from), roomOf(to)]
    if (room === target || free.has(target) || room === 'index.ts') return false
    if (free.has(room)) return target !== 'data'
    return !(allowed[room] ?? []).includes(target)
  })
  expect(wrong).toEqual([])
})

test('every folder of src is a room of the plan', () => {
  expect([...new Set(files.map(roomOf))].filter(room => !(room in allowed) && !free.has(room))).toEqual([
    'index.ts',
  ])
})

test('only evaluation opens the seal', () => {
  const openers = files.filter(file => /\bopenSeal\b/.test(readFileSync(path.join(root, file), 'utf8')))
  expect(openers.toSorted()).toEqual(['data/seal.ts', 'run/steps/answer.ts', 'run/steps/evaluate.ts'])
})

test('files are touched only where data, base models and weights are read and written, in runs and in the command line', () => {
  const touching = files.filter(file =>
    /from '(?:node:)?fs(?:\/promises)?'/.test(readFileSync(path.join(root, file), 'utf8')),
  )
  const elsewhere = touching.filter(file => !['data', 'run', 'cli', 'project', 'base'].includes(roomOf(file)))
  expect(elsewhere.toSorted()).toEqual([
    'model/adapter-folder.ts',
    'model/checkpoint.ts',
    'model/file-bytes.ts',
    'model/gguf.ts',
    'model/safetensors.ts',
    'model/weights.ts',
  ])
})

test('nothing random or timed outside the streams that follow from the seed', () => {
  const pure = files.filter(file => !['cli', 'run'].includes(roomOf(file)))
  const loose = pure.filter(file =>
    /Math\.random|Date\.now|performance\.now/.test(readFileSync(path.join(root, file), 'utf8')),
  )
  expect(loose).toEqual([])
})

test('no default exports, and one barrel', () => {
  const wrong = files.filter(file =>
    /^export default|^export \* from/m.test(readFileSync(path.join(root, file), 'utf8')),
  )
  expect(wrong).toEqual([])
})
