import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../error.ts'
import { formatTypeScript, formatYaml } from '../propose/project-text.ts'
import type { Proposal } from '../propose/propose.ts'

/** A proposed project as text, and what its file is called. */
export function formatProject(proposal: Proposal, yaml: boolean): { name: string; text: string } {
  return yaml
    ? { name: 'tilth.yaml', text: formatYaml(proposal) }
    : { name: 'tilth.config.ts', text: formatTypeScript(proposal) }
}

/** Throws UserError where a folder has a project already: none is overwritten. */
export async function checkNoProject(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const there = names.find(name => /^tilth\.(?:config\.m?[jt]s|ya?ml)$/.test(name))
  if (there !== undefined) {
    throw new UserError(
      `There is a project already: ${join(folder, there)}.`,
      'Run it with `tilth run`, or name another folder.',
    )
  }
}

/** Writes a proposed project and returns its path. Never overwrites: a file that appeared meanwhile is an error. */
export async function saveProject(proposal: Proposal, folder: string, yaml: boolean): Promise<string> {
  const { name, text } = formatProject(proposal, yaml)
  await mkdir(folder, { recursive: true })
  await checkNoProject(folder)
  const file = join(folder, name)
  await writeFile(file, text, { flag: 'wx' })
  return file
}
