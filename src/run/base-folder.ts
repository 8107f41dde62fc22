import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder } from '../base/cache.ts'
import { findModel } from '../base/locate.ts'
import { readBaseSource } from '../base/source.ts'
import { UserError } from '../error.ts'
import { type BaseModel, modelInFolder, modelNamed } from '../export/base-model.ts'

/**
 * What is known of the model that `--base` names: a folder is looked into, also one that was added as `model:name`; a name
 * is taken as it is, and one of the hub without its `hf:`, as trainers have it. Throws UserError for what is no model.
 */
export function openBase(written: string): BaseModel {
  const asked = placeOf(written)
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

function placeOf(written: string): string {
  if (!/^(?:hf|model):/.test(written)) return written
  const source = readBaseSource(written, '.')
  if (source.kind === 'added') return findModel(cacheFolder(), source.name).path
  if (source.kind === 'path') return written
  if (source.file === null) return source.repository
  throw new UserError(
    `${written} is one GGUF file, which these trainers do not start from.`,
    `Name the model itself: \`hf:${source.repository}\`.`,
  )
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
