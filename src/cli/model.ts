import { confirm } from '@clack/prompts'
import { cacheFolder, type CachedModel, listModels, removeModel } from '../base/cache.ts'
import { countUnfinished, removeUnfinished } from '../base/cache-room.ts'
import { findModel } from '../base/locate.ts'
import { formatBytes } from '../data/bytes.ts'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { defineCommand, jsonFlag } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { addModel } from './model-add.ts'
import { showModel } from './model-show.ts'
import { formatModels } from './model-table.ts'
import type { Terminal } from './terminal.ts'

const actions = ['add', 'list', 'show', 'remove'] as const

export const modelCommand = defineCommand({
  name: 'model',
  summary: 'Keeps base models: adds, lists, shows and removes them.',
  details:
    '`add` fetches a model of the hub (`hf:owner/name`, `hf:owner/name@revision`, or one GGUF file of it: `hf:owner/name/file.gguf`), or copies a folder or a GGUF file. ' +
    'A model that was added is named `model:name`: in a project as `base`, and with --model. HF_TOKEN lets you fetch models that are not for everyone; TILTH_CACHE says where they are kept.',
  examples: [
    'tilth model add hf:HuggingFaceTB/SmolLM2-135M-Instruct --name smol',
    'tilth model add downloads/model.gguf',
    'tilth model list',
    'tilth model show smol',
    'tilth model remove smol',
  ],
  args: {
    action: { type: 'positional', valueHint: actions.join('|'), description: 'add, list, show or remove.' },
    base: {
      type: 'positional',
      required: false,
      valueHint: 'model',
      description:
        'For add: `hf:owner/name`, a folder or a GGUF file. For show and remove: the name of a model.',
    },
    name: { type: 'string', valueHint: 'name', description: 'What an added model is called.' },
    unfinished: {
      type: 'boolean',
      description: 'With remove: what interrupted fetches left, instead of a model.',
    },
    yes: { type: 'boolean', alias: 'y', description: 'Removes without asking.' },
    ...jsonFlag,
  },
  async run(args, terminal) {
    const action = actions.find(name => name === args.action)
    if (action === undefined)
      throw new UsageError(
        `"${args.action}" is not something to do with models; it should be ${oneOf(actions)}.${didYouMean(args.action!, actions)}`,
      )
    const json = args.json === true
    checkFlags(action, args)
    if (action === 'list') {
      if (args.base !== undefined) throw new UsageError(`\`tilth model list\` cannot use "${args.base}".`)
      await listAll(json, terminal)
    } else if (args.unfinished === true) {
      await removeRest({ json, yes: args.yes === true }, terminal)
    } else {
      if (args.base === undefined)
        throw new UsageError(
          action === 'add'
            ? '`tilth model add` needs `hf:owner/name`, a folder or a GGUF file.'
            : `\`tilth model ${action}\` needs the name of a model.`,
        )
      if (action === 'add') await addModel({ written: args.base, name: args.name, json }, terminal)
      else if (action === 'show') await showModel(args.base, json, terminal)
      else await removeOne(args.base, { json, yes: args.yes === true }, terminal)
    }
    return exitCodes.done
  },
})

/** Throws UsageError for a flag that would have no effect. */
function checkFlags(
  action: (typeof actions)[number],
  {
    name,
    unfinished,
    yes,
    base,
  }: Readonly<Record<'name' | 'base', string | undefined>> &
    Readonly<Record<'unfinished' | 'yes', boolean | undefined>>,
): void {
  if (name !== undefined && action !== 'add') throw new UsageError('--name belongs to `tilth model add`.')
  if (action === 'remove') {
    if (unfinished === true && base !== undefined)
      throw new UsageError(`--unfinished removes no model: leave "${base}" out.`)
  } else if (unfinished === true || yes === true)
    throw new UsageError(`--${unfinished === true ? 'unfinished' : 'yes'} belongs to \`tilth model remove\`.`)
}

async function listAll(json: boolean, terminal: Terminal): Promise<void> {
  const cache = cacheFolder()
  const models = listModels(cache)
  const left = await countUnfinished(cache)
  if (json) terminal.out(JSON.stringify({ folder: cache, models, unfinished: left }, null, 2))
  else if (models.length === 0)
    terminal.note('No model was added yet: `tilth model add hf:owner/name` fetches one.')
  else {
    terminal.out(formatModels(models))
    const sum = models.reduce((total, { bytes }) => total + bytes, 0)
    terminal.note(`\n${formatBytes(sum)} in ${cache}.`)
  }
  if (!json && left > 0)
    terminal.note(
      `${formatBytes(left)} of interrupted fetches are kept to go on from; \`tilth model remove --unfinished\` takes them away.`,
    )
}

interface Removal {
  readonly json: boolean
  readonly yes: boolean
}

async function removeOne(written: string, how: Removal, terminal: Terminal): Promise<void> {
  const model: CachedModel = findModel(cacheFolder(), written.replace(/^model:/, ''))
  const question = `Remove the model ${model.name}, ${formatBytes(model.bytes)}? Projects that name it cannot run without it.`
  const removed = await isAgreed(question, how, terminal)
  if (removed) await removeModel(model)
  tellRemoval({ removed, bytes: model.bytes, name: model.name }, how, terminal)
}

async function removeRest(how: Removal, terminal: Terminal): Promise<void> {
  const cache = cacheFolder()
  const bytes = await countUnfinished(cache)
  const question = `Remove ${formatBytes(bytes)} of interrupted fetches?`
  const removed = bytes > 0 && (await isAgreed(question, how, terminal))
  if (removed) await removeUnfinished(cache)
  tellRemoval({ removed, bytes, name: null }, how, terminal)
}

function tellRemoval(
  {
    removed,
    bytes,
    name,
  }: { readonly removed: boolean; readonly bytes: number; readonly name: string | null },
  { json }: Removal,
  terminal: Terminal,
): void {
  if (json) terminal.out(JSON.stringify({ removed, name, bytes }, null, 2))
  else terminal.note(removed ? `Removed: ${formatBytes(bytes)} are free again.` : 'Nothing was removed.')
}

/** Asks a person. Throws UserError where there is none to ask. */
async function isAgreed(message: string, { json, yes }: Removal, terminal: Terminal): Promise<boolean> {
  if (yes) return true
  if (json || !terminal.interactive)
    throw new UserError('Nothing was removed: there is nobody here to ask.', '`--yes` removes it.')
  return (await confirm({ message, initialValue: true })) === true
}
