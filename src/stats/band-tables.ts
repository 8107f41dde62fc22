import { grown } from './integers.ts'

/** For each of some bands a hash table of texts, which are numbered from 0 in the order they are added. */
export interface BandTables {
  /** Adds a text by one hash a band. */
  add(hashes: Int32Array): void
  /** The text added last with this hash in the band, or -1. */
  first(band: number, hash: number): number
  /** The text before this one with the same hash in the band, or -1. */
  next(band: number, text: number): number
}

/** A table of chains: each slot names the newest of the texts that fall into it, each text the one before it. */
interface BandTable {
  slots: Uint32Array
  before: Uint32Array
  hashes: Uint32Array
}

/** Typed arrays alone: 12 to 20 bytes a text and band, where a `Map` takes 100. */
export function createBandTables(bands: number): BandTables {
  const tables = Array.from({ length: bands }, (): BandTable => ({
    slots: new Uint32Array(1024),
    before: new Uint32Array(512),
    hashes: new Uint32Array(512),
  }))
  let texts = 0

  function makeRoom(table: BandTable): void {
    if (texts === table.before.length) {
      table.before = grown(table.before, texts + 1)
      table.hashes = grown(table.hashes, texts + 1)
    }
    if (texts < table.slots.length) return
    table.slots = new Uint32Array(table.slots.length * 2)
    for (let text = 0; text < texts; text++) link(table, text)
  }

  return {
    add(hashes) {
      for (const [band, table] of tables.entries()) {
        makeRoom(table)
        table.hashes[texts] = hashes[band]!
        link(table, texts)
      }
      texts++
    },
    first(band, hash) {
      const table = tables[band]!
      return follow(table, table.slots[hash & (table.slots.length - 1)]!, hash >>> 0)
    },
    next(band, text) {
      const table = tables[band]!
      return follow(table, table.before[text]!, table.hashes[text]!)
    },
  }
}

function link(table: BandTable, text: number): void {
  const slot = table.hashes[text]! & (table.slots.length - 1)
  table.before[text] = table.slots[slot]!
  table.slots[slot] = text + 1
}

/** The first text of a chain, from `text` + 1 on, whose hash is the wanted one. */
function follow(table: BandTable, from: number, hash: number): number {
  let number = from
  while (number !== 0 && table.hashes[number - 1] !== hash) number = table.before[number - 1]!
  return number - 1
}
