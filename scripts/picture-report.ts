// Takes pictures of a report for the README and the pages of docs/. Without more, those of the README: the report's top,
// and the uplift of its first task. With an element, that one alone, or all from it to another:
//
//     npm run quickstart
//     node scripts/picture-report.ts examples/wildlife-strikes/runs/<run>/report.html
//     node scripts/picture-report.ts examples/wildlife-strikes/runs/<run>/report.html arms.png "#arms"
import { statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Locator } from 'playwright-core'
import { chromiumFlags, findChromium } from '../test/chromium.ts'

const [report, name, from, to = from] = process.argv.slice(2)
const executablePath = findChromium()
if (report === undefined || executablePath === undefined || (name !== undefined && from === undefined)) {
  console.error(
    executablePath === undefined
      ? 'There is no Chromium on this machine.'
      : 'Name the report: node scripts/picture-report.ts path/to/report.html [name.png "#section" ["#last"]]',
  )
  process.exit(1)
}

const margin = 20
const browser = await chromium.launch({ executablePath, args: chromiumFlags })
const page = await browser.newPage({
  viewport: { width: name === undefined ? 1100 : 820, height: 4800 },
  deviceScaleFactor: 1.5,
  colorScheme: 'light',
})
await page.goto(pathToFileURL(path.resolve(report)).href)
if (name === undefined) {
  await picture('report.png', page.locator('.masthead'), page.locator('.answer'))
  await picture('uplift.png', page.locator('#uplift .panel').first(), page.locator('#uplift .panel').first())
} else await picture(name, page.locator(from!).first(), page.locator(to!).first())
await browser.close()

/** From the top of one element to the end of another, with a margin around. */
async function picture(file: string, first: Locator, last: Locator): Promise<void> {
  const [start, end] = [(await first.boundingBox())!, (await last.boundingBox())!]
  const left = Math.max(0, start.x - margin)
  const top = Math.max(0, start.y - margin)
  const target = path.resolve(import.meta.dirname, '../docs', file)
  await page.screenshot({
    path: target,
    fullPage: true,
    clip: {
      x: left,
      y: top,
      width: Math.max(start.x + start.width, end.x + end.width) + margin - left,
      height: end.y + end.height + margin - top,
    },
  })
  console.log(`docs/${file}: ${Math.round(statSync(target).size / 1000)} kB`)
}
