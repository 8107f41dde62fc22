import { existsSync } from 'node:fs'
import { installed } from './debian.ts'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
] as const

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

/** Path of a Chromium, which is installed where that can be done; undefined where there is none to be had. */
export function findChromium(): string | undefined {
  const found = places.find(place => existsSync(place))
  if (found !== undefined) return found
  return installed(places[0], ['chromium', 'fonts-dejavu-core']) ? places[0] : undefined
}
