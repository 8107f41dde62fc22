import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSafetensors, writeSafetensors } from '../src/model/safetensors.ts'
import { expectEnded, runHere, snapshot, writeFiles } from './bad-input.ts'
import { fieldReports, folderWith } from './tilth-process.ts'

const project = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['{{ soil }} {{ rain }}?']
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: { use: decoder, base: model, epochs: 1, lora: { rank: 2, targets: [q_proj] } }
evaluate: { repeats: 1, folds: 2, curve: false }
`

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A project whose base model is a copy of the small Llama of the tests, with these files of it put instead. */
function projectWith(files: Readonly<Record<string, string | null>>): string {
  const folder = folderWith({ 'tilth.yaml': project, 'reports.csv': fieldReports(30) })
  folders.push(folder)
  cpSync('test/fixtures/decoder/llama', path.join(folder, 'model'), { recursive: true })
  writeFiles(path.join(folder, 'model'), files)
  return folder
}

const config = JSON.parse(readFileSync('test/fixtures/decoder/llama/config.json', 'utf8')) as Record<
  string,
  unknown
>
const changed = (values: Record<string, unknown>): string => JSON.stringify({ ...config, ...values })
const shard = 'model-00002-of-00002.safetensors'

test.each([
  ['a shard is missing', { [shard]: null }, [`lacks ${shard}`, 'fetch the missing shard']],
  [
    'the shapes are of another model',
    { 'config.json': changed({ intermediate_size: 64 }) },
    ['has the shape', '48', 'config.json makes it', '64'],
  ],
  [
    'the architecture is not known',
    { 'config.json': changed({ architectures: ['LlamaForCausallM'] }) },
    ['LlamaForCausallM is not supported', 'Did you mean', 'Qwen3ForCausalLM'],
  ],
  [
    'the vocabulary does not fit the embedding',
    { 'config.json': changed({ vocab_size: 20 }) },
    ['the tokenizer has ids up to', 'the embedding 20 rows'],
  ],
  [
    'there is not enough memory',
    {
      'config.json': changed({ hidden_size: 32768, intermediate_size: 131072, num_hidden_layers: 128 }),
      [shard]: null,
    },
    [/needs at least [\d,]+ GB of memory to be trained, and [\d.,]+ GB are there/],
  ],
  [
    'the template raises',
    { 'chat_template.jinja': "{{ raise_exception('no users here') }}" },
    ['are refused by the chat template', /\(reports:\d+\/yield, reports:\d+\/yield, reports:\d+\/yield, …\)/],
  ],
  ['the template is no Jinja', { 'chat_template.jinja': '{% for message in %}' }, ['chat template']],
] as const)('%s: told before anything is made', async (_name, files, says) => {
  const folder = projectWith(files)
  expectEnded(await runHere(folder, 'run'), { code: 1, says })
  expect([...snapshot(folder).keys()].filter(name => name.includes('/store/'))).toEqual([])
})

test('a base folder that is not there is told by check, too', async () => {
  const folder = projectWith({})
  rmSync(path.join(folder, 'model'), { recursive: true })
  expectEnded(await runHere(folder, 'check'), {
    code: 1,
    says: ['There is no folder or file', 'student.base'],
  })
})

test('an adapter without a base, and a mistyped setting, are mistakes of the project', async () => {
  const folder = projectWith({})
  const text = readFileSync(path.join(folder, 'tilth.yaml'), 'utf8')
  writeFileSync(path.join(folder, 'tilth.yaml'), text.replace('base: model, epochs', 'epoch'))
  expectEnded(await runHere(folder, 'check'), {
    code: 1,
    says: ['student.lora', 'without a `base`', 'student.epoch', 'Did you mean "epochs"?'],
  })
})

test('weights that make the loss no number end the run with the batch named', async () => {
  const folder = projectWith({})
  const file = path.join(folder, 'model', shard)
  const opened = await openSafetensors(file)
  const tensors = new Map(
    await Promise.all([...opened.entries.keys()].map(async name => [name, await opened.read(name)] as const)),
  )
  await opened.close()
  for (const { values } of tensors.values()) values.fill(Number.NaN)
  await writeSafetensors(file, tensors)
  expectEnded(await runHere(folder, 'tune'), {
    code: 1,
    says: [
      'the loss is NaN, in epoch 1, in the batch of the examples',
      /reports:\d+\/yield/,
      'Nothing was kept',
    ],
  })
})
