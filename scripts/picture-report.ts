// Takes the two pictures of a report that the README shows: its top, and the uplift of its first task.
//
//     npm run quickstart
//     node scripts/picture-report.ts examples/wildlife-strikes/runs/<run>/report.html
import { statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Locator } from 'playwright-core'
import { chromiumFlags, findChromium } from '../test/chromium.ts'

const [report] = process.argv.slice(2)
const executablePath = findChromium()
if (report === undefined || executablePath === undefined) {
  console.error(
    report === undefined
      ? 'Name the report: node scripts/picture-report.ts path/to/report.html'
      : 'There is no Chromium on this machine.',
  )
  process.exit(1)
}

const margin = 20
const browser = await chromium.launch({ executablePath, args: chromiumFlags })
const page = await browser.newPage({
  viewport: { width: 1100, height: 2400 },
  deviceScaleFactor: 1.5,
  colorScheme: 'light',
})
await page.goto(pathToFileURL(path.resolve(report)).href)
await picture('report.png', page.locator('.masthead'), page.locator('.answer'))
await picture('uplift.png', page.locator('#uplift .panel').first(), page.locator('#uplift .panel').first())
await browser.close()

/** From the top of one element to the end of another, with a margin around. */
async function picture(name: string, from: Locator, to: Locator): Promise<void> {
  const [first, last] = [(await from.boundingBox())!, (await to.boundingBox())!]
  const left = Math.max(0, first.x - margin)
  const top = Math.max(0, first.y - margin)
  const file = path.resolve(import.meta.dirname, '../docs', name)
  await page.screenshot({
    path: file,
    clip: {
      x: left,
      y: top,
      width: first.x + first.width + margin - left,
      height: last.y + last.height + margin - top,
    },
  })
  console.log(`docs/${name}: ${Math.round(statSync(file).size / 1000)} kB`)
}
