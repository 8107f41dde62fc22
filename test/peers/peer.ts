import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Environments of Python, each made as the head of its requirements file says; outside of the repository. */
const environments = process.env['TILTH_PEERS'] ?? path.join(tmpdir(), 'tilth-peers')

const llamaCpp = path.join(environments, 'llama-cpp')

/** Whether the environment of a peer is there. */
export function hasPeer(name: string): boolean {
  return existsSync(pythonOf(name))
}

/** The end of the name of a test that needs a peer: what would bring it, where it is missing. */
export function missing(name: string): string {
  return hasPeer(name) ? '' : ` (needs test/peers/requirements-${name}.txt installed)`
}

/** Whether llama.cpp is there: a folder in which npm has installed node-llama-cpp. */
export function hasLlamaCpp(): boolean {
  return existsSync(path.join(llamaCpp, 'node_modules', 'node-llama-cpp'))
}

export const missingLlamaCpp = hasLlamaCpp() ? '' : ' (needs test/peers/package-llama-cpp.json installed)'

/** What llama.cpp makes of a GGUF file, in 32-bit arithmetic where the file allows it: see llama-cpp.mjs. */
export function askLlamaCpp(asked: {
  readonly model: string
  readonly prompts: readonly string[]
  /** Most tokens of an answer. */
  readonly length: number
  /** A text whose tokens' losses are told. */
  readonly text: string
}): {
  readonly prompts: readonly { readonly ids: readonly number[]; readonly written: readonly number[] }[]
} {
  const run = spawnSync(process.execPath, [path.resolve('test/peers/llama-cpp.mjs')], {
    cwd: llamaCpp,
    input: JSON.stringify({ ...asked, model: path.resolve(asked.model) }),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (run.status !== 0) throw new Error(`llama-cpp.mjs ended with ${run.status}:\n${run.stderr.slice(-4000)}`)
  return JSON.parse(run.stdout) as ReturnType<typeof askLlamaCpp>
}

/** Runs a script beside this file with a peer's Python, off the network, and returns the JSON of the last line that it printed. */
export async function runPeer(name: string, script: string, ...args: readonly string[]): Promise<unknown> {
  const child = spawn(pythonOf(name), [path.resolve('test/peers', script), ...args], {
    env: { ...process.env, CUDA_VISIBLE_DEVICES: '', HF_HUB_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail)
    child.on('close', done)
  })
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${out.slice(-2000)}\n${err.slice(-4000)}`)
  return JSON.parse(out.trimEnd().split('\n').at(-1)!)
}

function pythonOf(name: string): string {
  return path.join(environments, name, 'bin', 'python')
}
