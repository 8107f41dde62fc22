import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Installs Debian packages unless `path` is there, once at a time; tells whether it is there afterwards. Elsewhere than on
 * Debian as root nothing is installed, and the tests that need it are skipped by their names.
 */
export function installed(path: string, packages: readonly string[]): boolean {
  if (existsSync(path)) return true
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get'))
    return false
  const install = `test -x ${path} || { apt-get update -q && apt-get install -y -q --no-install-recommends ${packages.join(' ')}; }`
  const lock = join(tmpdir(), 'tilth-packages.lock')
  try {
    execFileSync('sh', ['-c', 'exec flock "$0" sh -c "$1"', lock, install], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 600_000,
    })
  } catch {
    return false
  }
  return existsSync(path)
}
