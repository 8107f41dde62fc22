import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { inspectCheckpoint } from '../model/checkpoint.ts'
import { openGguf } from '../model/gguf.ts'
import { metadataValue } from '../model/gguf-metadata.ts'
import { countWeights } from '../model/memory.ts'
import type { ModelRecord } from './cache.ts'

export type Description = Pick<ModelRecord, 'format' | 'architecture' | 'weights' | 'context' | 'licence'>

/** What a base model says of itself, before any weights are read. Throws a UserError where it cannot be used. */
export async function describeBase(base: string): Promise<Description> {
  const { config } = await inspectCheckpoint(base, () => {})
  const isFile = statSync(base).isFile()
  return {
    format: isFile ? 'gguf' : 'safetensors',
    architecture: config.architecture,
    weights: countWeights(config),
    context: config.context,
    licence: isFile ? await ggufLicence(base) : cardLicence(base),
  }
}

async function ggufLicence(file: string): Promise<string | null> {
  const opened = await openGguf(file)
  try {
    const entries = ['general.license', 'general.license.name'] as const
    return plain(entries.map(key => metadataValue(opened, key, z.string().catch(''))).find(Boolean))
  } finally {
    await opened.close()
  }
}

const cardSchema = z.object({
  license: z.union([z.string(), z.array(z.string())]).nullish(),
  license_name: z.string().nullish(),
})

/** The licence that the front matter of README.md names, as cards on the hub have it; `other` has its name beside it. */
function cardLicence(folder: string): string | null {
  const card = path.join(folder, 'README.md')
  if (!existsSync(card)) return null
  const [, front] = /^---\r?\n(.*?)\r?\n---/s.exec(readFileSync(card, 'utf8')) ?? []
  if (front === undefined) return null
  try {
    const { license, license_name: name } = cardSchema.parse(parse(front))
    const said = [license ?? []].flat().join(', ')
    return plain(said === 'other' || said === '' ? (name ?? said) : said)
  } catch {
    // A card is written for people: one that is not YAML says nothing here.
    return null
  }
}

/** Text of a stranger, for a line of a terminal. */
function plain(text: string | undefined): string | null {
  const line = (text ?? '')
    .replaceAll(/[^\P{C}]/gu, '')
    .trim()
    .slice(0, 80)
  return line === '' ? null : line
}
