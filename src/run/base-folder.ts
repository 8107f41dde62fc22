import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../error.ts'
import { type BaseModel, modelInFolder, modelNamed } from '../export/base-model.ts'

/** What is known of the model that `--base` names: a folder is looked into, a name is taken as it is. Throws UserError for a path that is no model. */
export function openBase(asked: string): BaseModel {
  if (!existsSync(asked)) {
    if (!/^[./~]|^[A-Za-z]:\\/.test(asked)) return modelNamed(asked)
    throw new UserError(
      `There is no folder ${asked}, which --base names.`,
      'Name a folder with config.json, or a model such as Qwen/Qwen2.5-0.5B-Instruct.',
    )
  }
  const folder = path.resolve(asked)
  if (!statSync(folder).isDirectory() || !existsSync(path.join(folder, 'config.json'))) {
    throw new UserError(
      `${asked} is no folder of a model: it has no config.json.`,
      'Name the folder that holds the model and its tokenizer.',
    )
  }
  const tokenizer = readJson(folder, 'tokenizer_config.json')
  const separate = path.join(folder, 'chat_template.jinja')
  return modelInFolder({
    path: folder,
    config: readJson(folder, 'config.json'),
    tokenizer,
    generation: readJson(folder, 'generation_config.json'),
    chatTemplate: existsSync(separate)
      ? readFileSync(separate, 'utf8')
      : templateIn(tokenizer['chat_template']),
  })
}

/** A template as text, or the one called `default` of a list with names. */
function templateIn(written: unknown): string | null {
  if (typeof written === 'string') return written
  if (!Array.isArray(written)) return null
  const named = written as readonly { readonly name?: unknown; readonly template?: unknown }[]
  const found = named.find(({ name }) => name === 'default')?.template
  return typeof found === 'string' ? found : null
}

function readJson(folder: string, name: string): Readonly<Record<string, unknown>> {
  const file = path.join(folder, name)
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch (error) {
    throw new UserError(`${file} is not JSON.`, 'Download the model anew.', { cause: error })
  }
}
