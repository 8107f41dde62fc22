import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportProject } from '../export-project.ts'
import { folderWith, runTilth } from '../tilth-process.ts'
import { exportFormats } from '../../src/export/registry.ts'
import { hasPeer, missing, runPeer } from './peer.ts'

/** A project with a run, and what is exported of it: 144 examples to train on, 12 to evaluate on. */
let folder: string

beforeAll(async () => {
  folder = folderWith(exportProject)
  await mustRun('run')
  if (hasPeer('trl')) await runPeer('trl', 'tiny_llama.py', path.join(folder, 'tiny'))
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command line in the project's folder. Throws where it does not end well. */
async function mustRun(...raw: readonly string[]): Promise<void> {
  const { code, err } = await runTilth(folder, ...raw)
  if (code !== 0) throw new Error(`tilth ${raw.join(' ')} ended with ${code}: ${err}`)
}

async function exported(format: string, ...raw: readonly string[]): Promise<string> {
  await mustRun('export', '--to', format, '--out', `out-${format}`, ...raw)
  return path.join(folder, `out-${format}`)
}

function checkedVersion(format: string): string {
  return exportFormats.find(({ name }) => name === format)!.checkedAgainst
}

const endings = ['good<|im_end|>\n', 'poor<|im_end|>\n']

test.skipIf(!hasPeer('trl'))(
  `TRL trains on the export and learns the answer with its end of turn, nothing else${missing('trl')}`,
  { timeout: 180_000 },
  async () => {
    const result = (await runPeer('trl', 'train_trl.py', await exported('trl', '--base', 'tiny'))) as {
      readonly learned: readonly string[]
      readonly losses: readonly number[]
      readonly evaluated: readonly number[]
      readonly saved: readonly string[]
    }
    expect(result).toMatchObject({
      version: checkedVersion('trl'),
      rows: { train: 144, test: 12 },
      kept: 144,
      seed: 1999,
      epochs: 6,
      rank: 16,
    })
    expect(result.learned).toHaveLength(2)
    for (const learned of result.learned) expect(endings).toContain(learned)
    expect(result.losses).toHaveLength(4)
    // A random model of 259 tokens knows nothing: ln 259 = 5.557.
    for (const loss of [...result.losses, ...result.evaluated])
      expect(Math.abs(loss - Math.log(259))).toBeLessThan(0.1)
    expect(result.evaluated).toHaveLength(1)
    expect(result.saved).toContain('adapter_model.safetensors')
  },
)

test.skipIf(!hasPeer('llama-factory') || !hasPeer('trl'))(
  `LLaMA-Factory trains on the export and learns the answer with its end of turn${missing('llama-factory')}`,
  { timeout: 180_000 },
  async () => {
    const place = await exported('llama-factory', '--base', 'tiny')
    const result = (await runPeer('llama-factory', 'train_llama_factory.py', place)) as {
      readonly learned: readonly string[]
      readonly losses: readonly number[]
      readonly saved: readonly string[]
    }
    expect(result).toMatchObject({ version: checkedVersion('llama-factory'), rows: { train: 144, eval: 12 } })
    expect(result.learned).toEqual(endings)
    expect(result.losses).toHaveLength(2)
    expect(result.saved).toContain('adapter_model.safetensors')
  },
)

test.skipIf(!hasPeer('mlx') || !hasPeer('trl'))(
  `MLX-LM trains on the export and learns the answer with its end of turn${missing('mlx')}`,
  { timeout: 180_000 },
  async () => {
    expect(await runPeer('mlx', 'train_mlx.py', await exported('mlx', '--base', 'tiny'))).toEqual({
      version: checkedVersion('mlx'),
      unknown: [],
      rows: { train: 144, valid: 12 },
      learned: endings,
      moved: true,
      // Seven linear layers in each of two blocks, two matrices each.
      adapters: 28,
    })
  },
)

test.skipIf(!hasPeer('axolotl'))(
  `Axolotl’s schema takes every setting, and nothing is split or dropped${missing('axolotl')}`,
  { timeout: 120_000 },
  async () => {
    expect(await runPeer('axolotl', 'check_axolotl.py', await exported('axolotl'))).toEqual({
      version: checkedVersion('axolotl'),
      unknown: [],
      seed: 1999,
      split: 0,
      excess: 'raise',
    })
  },
)

test.skipIf(!hasPeer('unsloth'))(
  `the schema of Unsloth’s command line takes every setting${missing('unsloth')}`,
  { timeout: 120_000 },
  async () => {
    expect(await runPeer('unsloth', 'check_unsloth.py', await exported('unsloth'))).toEqual({
      version: checkedVersion('unsloth'),
      seed: 1999,
      answers: true,
      rank: 16,
    })
  },
)

test.skipIf(!hasPeer('hosted'))(
  `Together’s own check passes the files, and its client makes the job${missing('hosted')}`,
  { timeout: 120_000 },
  async () => {
    expect(await runPeer('hosted', 'check_together.py', await exported('together'))).toMatchObject({
      version: checkedVersion('together'),
      passed: [true, true],
      rows: [12, 144],
      request: { n_epochs: 6, batch_size: 8, packing: false, random_seed: 1999, learning_rate: 1e-4 },
    })
  },
)

test.skipIf(!hasPeer('hosted'))(
  `the files pass the checks of OpenAI’s cookbook, and train.py uploads them and starts the job${missing('hosted')}`,
  { timeout: 120_000 },
  async () => {
    const requests: { readonly url: string; readonly body: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => (body += text))
      request.on('end', () => {
        requests.push({ url: request.url!, body })
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ id: `made-${requests.length}` }))
      })
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    process.env['OPENAI_BASE_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    process.env['OPENAI_API_KEY'] = 'none'
    try {
      expect(await runPeer('hosted', 'check_openai.py', await exported('openai'))).toEqual({
        version: checkedVersion('openai'),
        problems: {},
        rows: [12, 144],
      })
    } finally {
      delete process.env['OPENAI_BASE_URL']
      delete process.env['OPENAI_API_KEY']
      server.close()
    }
    expect(requests.map(({ url }) => url)).toEqual(['/v1/files', '/v1/files', '/v1/fine_tuning/jobs'])
    expect(requests[0]!.body).toContain('filename="train.jsonl"')
    expect(JSON.parse(requests[2]!.body)).toMatchObject({
      training_file: 'made-1',
      validation_file: 'made-2',
      seed: 1999,
      method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 6, batch_size: 8 } } },
    })
  },
)
