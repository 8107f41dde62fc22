import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Steps that one token each was written in. */
export interface TimedTokens {
  /** Wall time of each. */
  readonly seconds: readonly number[]
  /** Processor time of all, over all threads. */
  readonly processor: number
}

/** llama.cpp in a process that stays, so that its tokens can be timed in turn with ours. */
export interface LlamaPeer {
  /** Reads `before` tokens and writes so many more, the likeliest each time. */
  write(before: number, length: number): Promise<TimedTokens>
  close(): void
}

/** TILTH_LLAMA_CPP names a folder in which npm has installed node-llama-cpp. */
export function openLlama(file: string, threads: number): LlamaPeer | { readonly reason: string } {
  const folder = process.env['TILTH_LLAMA_CPP'] ?? ''
  if (!existsSync(join(folder, 'node_modules', 'node-llama-cpp')))
    return { reason: 'TILTH_LLAMA_CPP names no folder with node-llama-cpp' }
  const script = join(import.meta.dirname, 'llama_decode.mjs')
  const child = spawn(process.execPath, [script, file, String(threads)], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async write(before, length) {
      child.stdin.write(`${JSON.stringify({ before, length })}\n`)
      const line = await lines.next()
      if (line.done) throw new Error('llama_decode.mjs ended')
      return JSON.parse(line.value) as TimedTokens
    },
    close: () => child.stdin.end(),
  }
}
