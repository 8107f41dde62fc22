import path from 'node:path'
import { UserError } from '../error.ts'

/** A model of the hub: a repository, or one GGUF file of it. */
export interface HubSource {
  readonly kind: 'hub'
  /** `owner/name`. */
  readonly repository: string
  /** A branch, a tag or a commit; null for what is there already, else the main branch. */
  readonly revision: string | null
  /** A GGUF file's path in the repository; null for the folder of a model. */
  readonly file: string | null
}

/** Where a base model is to come from, as a person wrote it. */
export type BaseSource =
  | HubSource
  | { readonly kind: 'added'; readonly name: string }
  | { readonly kind: 'path'; readonly path: string }

/** The branch that is meant where no revision is named. */
export const MAIN = 'main'

export const baseForms = 'a folder with config.json, a GGUF file, `hf:owner/name` or `model:name`'

const segment = '[A-Za-z0-9_][A-Za-z0-9._-]*'
const hubName = new RegExp(`^(${segment}/${segment})(?:/([^@]+))?(?:@([A-Za-z0-9._/-]+))?$`)

/**
 * Reads `hf:owner/name`, `hf:owner/name@revision`, `hf:owner/name/file.gguf`, `model:name` or a path, which is meant
 * from `folder`. Throws a UserError for a name of the hub that cannot be one, and for an address.
 */
export function readBaseSource(written: string, folder: string): BaseSource {
  if (/^[a-z]+:\/\//i.test(written)) {
    throw new UserError(
      `${written} is an address, and no base model.`,
      'Write a model of the hub as `hf:owner/name`.',
    )
  }
  if (written.startsWith('model:')) return { kind: 'added', name: written.slice('model:'.length) }
  if (written.startsWith('hf:')) return readHubName(written)
  return { kind: 'path', path: path.resolve(folder, written) }
}

function readHubName(written: string): HubSource {
  const [, repository, file, revision] = hubName.exec(written.slice('hf:'.length)) ?? []
  if (repository === undefined || isClimbing(file) || isClimbing(revision)) {
    throw new UserError(
      `${written} is no name of a model on the hub.`,
      'Write `hf:owner/name`, `hf:owner/name@revision`, or `hf:owner/name/file.gguf` for one file.',
    )
  }
  if (file !== undefined && !file.toLowerCase().endsWith('.gguf')) {
    throw new UserError(
      `${written} names the file ${file}, which is no GGUF file.`,
      `Write \`hf:${repository}\` for the whole model, or name a file that ends in .gguf.`,
    )
  }
  return { kind: 'hub', repository, revision: revision ?? null, file: file ?? null }
}

function isClimbing(place: string | undefined): boolean {
  return place?.split('/').some(part => ['', '.', '..'].includes(part)) ?? false
}

/** As a person writes it. */
export function formatHubName({ repository, revision, file }: HubSource): string {
  return `hf:${repository}${file === null ? '' : `/${file}`}${revision === null ? '' : `@${revision}`}`
}
