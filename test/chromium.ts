import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** What a browser under test is started with: nothing is fetched that no page asked for. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Path of a Chromium. Where there is none and this is root on Debian, it is installed, once at a time.
 * Undefined where there is none to be had: the test that needs one is then skipped by its name.
 */
export function findChromium(): string | undefined {
  const found = places.find(place => existsSync(place))
  if (found !== undefined) return found
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get'))
    return undefined
  const install =
    'test -x /usr/bin/chromium || { apt-get update -q && apt-get install -y -q chromium fonts-dejavu-core; }'
  const lock = join(tmpdir(), 'tilth-chromium.lock')
  try {
    execFileSync('sh', ['-c', 'exec flock "$0" sh -c "$1"', lock, install], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 600_000,
    })
  } catch {
    return undefined
  }
  return places.find(place => existsSync(place))
}
