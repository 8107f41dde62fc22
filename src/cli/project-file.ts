import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { SourceFormat } from '../data/record.ts'
import { UserError } from '../error.ts'
import { formatTypeScript, formatYaml } from '../propose/project-text.ts'
import type { Look } from '../propose/look.ts'
import type { Proposal } from '../propose/propose.ts'
import { shortPath } from './perform.ts'
import type { Terminal } from './terminal.ts'

/** Flags of the commands that look at a data file. */
export const fileFlags = {
  label: {
    type: 'string',
    alias: 'l',
    valueHint: 'column',
    description: 'Column to learn; left out, the one that is clear.',
  },
  text: { type: 'string', valueHint: 'column', description: 'Column of free text to learn it from.' },
  format: {
    type: 'enum',
    options: ['csv', 'tsv', 'jsonl', 'parquet', 'xlsx'] as SourceFormat[],
    valueHint: 'csv|tsv|jsonl|parquet|xlsx',
    description: "Left out, it follows from the file's name.",
  },
} as const

/** What was found in the file, and what was decided about it. */
export function tellLook(look: Look, file: string, terminal: Terminal): void {
  terminal.note(`${shortPath(resolve(file))}: ${look.rows} rows, ${look.columns} columns.`)
  for (const note of look.notes) terminal.note(`- ${note}`)
  terminal.note('')
}

/** What `--dry-run` prints. */
export function formatProposal(proposal: Proposal, { json, yaml }: { json: boolean; yaml: boolean }): string {
  const { project, notes } = proposal
  return json ? JSON.stringify({ project, notes }, null, 2) : formatProject(proposal, yaml).text
}

/** A proposed project as text, and what its file is called. */
function formatProject(proposal: Proposal, yaml: boolean): { name: string; text: string } {
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
