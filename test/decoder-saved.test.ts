import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chatFormat, readCheckpoint, writeCheckpoint } from '../src/model/checkpoint.ts'
import { readAdapter, writeAdapter } from '../src/model/adapter-folder.ts'
import { scratchFolder } from './scratch-folder.ts'

/** An interpreter that has what test/peers/requirements.txt pins; TILTH_PYTHON names another than python3. */
const python = process.env['TILTH_PYTHON'] ?? 'python3'
const finding =
  'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ["peft", "transformers"])))'
const hasPeers = spawnSync(python, ['-c', finding]).status === 0

describe.skipIf(!hasPeers)('with transformers and peft', () => {
  const scratch = scratchFolder()

  test('what is saved is opened there, to the same logits, tokens and adapter', async () => {
    const fixtures = join('test', 'fixtures', 'decoder')
    const [base, folder] = [join(scratch.path, 'base'), join(scratch.path, 'adapter')]
    const checkpoint = await readCheckpoint(join(fixtures, 'llama'))
    await writeCheckpoint(base, checkpoint)
    const { options, adapter } = await readAdapter(join(fixtures, 'lora'), checkpoint.config)
    await writeAdapter(folder, checkpoint.config, { options, adapter, base })
    const run = spawnSync(python, ['test/peers/open_saved.py', base, folder, join(fixtures, 'llama')], {
      encoding: 'utf8',
    })
    expect(run.status, run.stderr).toBe(0)
    const opened = JSON.parse(run.stdout) as {
      error: number
      text: string
      ids: number[]
      sums: Record<string, number>
    }
    expect(opened.error).toBe(0)
    const format = chatFormat(checkpoint.chat, 'llama')
    expect(format.template.render([{ role: 'user', content: 'hi' }], { forAnswer: true })).toBe(opened.text)
    expect(format.tokenizer.encode(opened.text)).toEqual(opened.ids)
    expect(Object.keys(opened.sums).toSorted()).toEqual(Object.keys(adapter).toSorted())
    for (const [name, values] of Object.entries(adapter)) {
      expect(opened.sums[name]).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        4,
      )
    }
  })
})
