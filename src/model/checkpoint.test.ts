import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'

const fixtures = join(process.cwd(), 'test/fixtures/decoder')
const scratch = mkdtempSync(join(tmpdir(), 'tilth-checkpoint-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let folders = 0

/** A copy of a fixture's folder, for a test to damage. */
function copyOf(name: string): string {
  const folder = join(scratch, String(folders++))
  cpSync(join(fixtures, name), folder, { recursive: true })
  return folder
}

function edit(folder: string, file: string, change: (content: Record<string, unknown>) => void): void {
  const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>
  change(content)
  writeFileSync(join(folder, file), JSON.stringify(content))
}

test('reads a folder with shards, and one with the template in tokenizer_config.json', async () => {
  const llama = await readCheckpoint(join(fixtures, 'llama'))
  expect(llama.config).toMatchObject({
    architecture: 'llama',
    heads: 4,
    keyValueHeads: 2,
    tied: true,
    context: 64,
  })
  expect(llama.weights['model.embed_tokens.weight']).toHaveLength(288 * 32)
  const qwen = await readCheckpoint(join(fixtures, 'qwen2'))
  expect(qwen.chat.template).toBe(llama.chat.template)
  expect(qwen.config).toMatchObject({ tied: false, queryKeyValueBias: true, outputBias: false })
})

test('what it writes it reads again', async () => {
  const folder = join(scratch, 'written')
  const before = await readCheckpoint(join(fixtures, 'qwen2'))
  await writeCheckpoint(folder, before)
  expect(await readCheckpoint(folder)).toEqual(before)
})

test('names the shard that is missing', async () => {
  const folder = copyOf('llama')
  rmSync(join(folder, 'model-00002-of-00002.safetensors'))
  await expect(readCheckpoint(folder)).rejects.toThrow('lacks model-00002-of-00002.safetensors')
})

test('names a tensor whose shape does not go with config.json', async () => {
  const folder = copyOf('llama')
  edit(folder, 'config.json', config => (config['intermediate_size'] = 50))
  await expect(readCheckpoint(folder)).rejects.toThrow(
    /mlp\.gate_proj\.weight in .* has the shape \[48, 32\], and config\.json makes it \[50, 32\]/,
  )
})

test('names the architectures that are supported', async () => {
  const folder = copyOf('llama')
  edit(folder, 'config.json', config => (config['architectures'] = ['LlamaForCausalLn']))
  await expect(readCheckpoint(folder)).rejects.toThrow('the architecture LlamaForCausalLn is not supported')
  await expect(readCheckpoint(folder)).rejects.toMatchObject({
    next: expect.stringContaining('Qwen3ForCausalLM'),
  })
})

test('refuses a tokenizer with more ids than the embedding has rows', async () => {
  const folder = copyOf('llama')
  edit(folder, 'config.json', config => (config['vocab_size'] = 280))
  await expect(readCheckpoint(folder)).rejects.toThrow(
    'the tokenizer has ids up to 287, and the embedding 280 rows',
  )
})

test('says which file is missing, and that there is no chat template', async () => {
  const folder = copyOf('llama')
  rmSync(join(folder, 'chat_template.jinja'))
  await expect(readCheckpoint(folder)).rejects.toThrow('has no chat template')
  rmSync(join(folder, 'tokenizer.json'))
  await expect(readCheckpoint(folder)).rejects.toThrow('has no tokenizer.json')
  await expect(readCheckpoint(join(scratch, 'nowhere'))).rejects.toThrow('has no config.json')
})

test('a tokenizer that cannot be run is a mistake of the folder', async () => {
  const folder = copyOf('llama')
  edit(folder, 'tokenizer.json', content => (content['pre_tokenizer'] = { type: 'Oracle' }))
  await expect(readCheckpoint(folder)).rejects.toThrow(/cannot be used/)
})
