import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { completeWords } from '../src/cli/complete.ts'
import { commands } from '../src/cli/commands.ts'
import { installed } from './debian.ts'
import { folderWith, runTilth } from './tilth-process.ts'

let folder: string
const scripts: Record<string, string> = {}

beforeAll(async () => {
  folder = folderWith({
    'runs/fields-1a/journal.jsonl': '{}\n',
    'runs/fields-1a/plan.json':
      '{\n  "steps": [\n    { "name": "mix:mixed@0" },\n    { "name": "tune:real@0" }\n  ]\n}\n',
    'runs/fields-2b/journal.jsonl': '{}\n',
    'other/runs/birds-3c/journal.jsonl': '{}\n',
    'reports of birds.csv': 'a,b\n1,2\n',
  })
  mkdirSync(join(folder, 'bin'))
  const program = join(folder, 'bin/tilth')
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${resolve('src/cli/main.ts')}" "$@"\n`)
  chmodSync(program, 0o755)
  for (const shell of ['bash', 'zsh', 'fish']) {
    scripts[shell] = (await runTilth(folder, 'completion', shell)).out
  }
})

const has = (shell: string): boolean =>
  spawnSync(shell, ['--version']).error === undefined || installed(`/usr/bin/${shell}`, [shell])

/** What a shell that has read its script offers after these words. */
function offered(shell: string, words: readonly string[]): readonly string[] {
  const ask: Readonly<Record<string, string>> = {
    bash: `${scripts['bash']}\nCOMP_WORDS=(tilth "$@"); COMP_CWORD=$#; _tilth; printf '%s\\n' "\${COMPREPLY[@]}"`,
    fish: `${scripts['fish']}\ncomplete -C "tilth ${words.join(' ')}" | string replace -r '\\t.*' ''; true`,
    // What would be shown is written out instead.
    zsh: `compdef() {}; _files() { echo :files }; compset() {}; _describe() { print -rl -- "\${(@)candidates%%:*}" }
${scripts['zsh']}
words=(tilth "$@"); CURRENT=$#words; _tilth; true`,
  }
  const text = execFileSync(
    shell,
    shell === 'fish' ? ['-c', ask[shell]!] : ['-c', ask[shell]!, shell, ...words],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` },
    },
  )
  return text.split('\n').filter(line => line !== '')
}

const cases = [
  { words: ['re'], offers: ['report', 'review'] },
  { words: ['help', 'che'], offers: ['check'] },
  { words: ['report', ''], offers: ['fields-1a', 'fields-2b'] },
  { words: ['report', 'fields-2'], offers: ['fields-2b'] },
  { words: ['report', '--project', 'other', ''], offers: ['birds-3c'] },
  { words: ['review', '--mixture', ''], offers: ['mixed'] },
  { words: ['chat', '--run', 'fields-1'], offers: ['fields-1a'] },
  { words: ['chat', '--arm', ''], offers: ['real'] },
  { words: ['clean', '--o'], offers: ['--older-than'] },
  { words: ['run', '--seed', '3', '--s'], offers: ['--skip-bad-rows', '--skip-preview'] },
  { words: ['try', '--format', ''], offers: ['csv', 'tsv', 'jsonl', 'parquet', 'xlsx'] },
  { words: ['completion', 'z'], offers: ['zsh'] },
  { words: ['nonsense', ''], offers: [] },
]

for (const shell of ['bash', 'zsh', 'fish']) {
  test.skipIf(!has(shell)).each(cases)(
    `${shell} (where it is there) completes $words`,
    ({ words, offers }) => {
      expect(offered(shell, words).toSorted()).toEqual(offers.toSorted())
    },
  )
}

test('every command is completed, and every flag of each', async () => {
  const { words } = await completeWords([''])
  expect(words).toEqual(expect.arrayContaining(commands.map(({ name, summary }) => [name, summary])))
  for (const { name, load } of commands) {
    const flags = Object.entries((await load()).args).filter(([, { type }]) => type !== 'positional')
    const found = await completeWords([name, '--'])
    expect(found.words.map(([word]) => word)).toEqual([...flags.map(([flag]) => `--${flag}`), '--help'])
  }
})

test('a flag tied to its value by = is one word in other shells, and stays so', async () => {
  const { words } = await completeWords(['try', '--format=c'])
  expect(words).toEqual([['--format=csv', '']])
})

test('bash gives a flag and its value as three words, and gets the value alone', () => {
  expect(offered('bash', ['try', '--format', '=', 'x'])).toEqual(['xlsx'])
  expect(offered('bash', ['try', '--format', '='])).toHaveLength(5)
  expect(offered('bash', ['try', '--format', '=', 'csv', '--la'])).toEqual(['--label'])
})

test('bash offers files where a file is meant, and folders for a project', () => {
  expect(offered('bash', ['try', 'rep'])).toEqual(['reports of birds.csv'])
  expect(offered('bash', ['run', '--project', ''])).toEqual(expect.arrayContaining(['other', 'runs']))
  expect(offered('bash', ['run', '--project', 'rep'])).toEqual([])
})

test('a shell that is not known is refused', async () => {
  const { code, err } = await runTilth(folder, 'completion', 'bahs')
  expect(code).toBe(2)
  expect(err).toContain('Did you mean "bash"?')
})

test('models that were added are offered where a model is meant, beside files', async () => {
  const cache = join(folder, 'cache')
  const before = process.env['TILTH_CACHE']
  process.env['TILTH_CACHE'] = cache
  try {
    expect((await runTilth(folder, 'model', 'add', resolve('test/fixtures/gguf/qwen3.gguf'))).code).toBe(0)
    for (const words of [
      ['chat', '--model', 'model:q'],
      ['model', 'show', ''],
    ])
      expect(await completeWords(words)).toEqual({ words: [['model:qwen3', 'model']], paths: 'files' })
    expect((await completeWords(['model', 'r'])).words).toEqual([['remove', '']])
  } finally {
    if (before === undefined) delete process.env['TILTH_CACHE']
    else process.env['TILTH_CACHE'] = before
  }
})
