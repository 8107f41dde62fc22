import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderReport } from '../src/report/render.ts'
import { reportSchema, type Report } from '../src/report/report-schema.ts'
import { chromiumFlags, findChromium } from './chromium.ts'
import { scarceReport, sealedReport, timing } from './report-fixture.ts'

const executablePath = findChromium()
const attack = `"><img src=x onerror="hit=1"><script>hit=1</script>'`

/** Words of the schema itself, which no data can change. */
const fixedWords = new Set(['regime', 'kind', 'of', 'use', 'share', 'guarantee', 'classWeights', 'verdict'])
const openKeys = new Set(['cell', 'row', 'reasons', 'scores'])

/** The report with an attack in every text and every name that data can bring. */
function poison(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return fixedWords.has(name) ? value : `${value}${attack}`
  if (Array.isArray(value)) return value.map(item => poison(item, name))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      openKeys.has(name) ? `${key}${attack}` : key,
      poison(inner, openKeys.has(name) ? '' : key),
    ]),
  )
}

/** As the real thing may be: many classes, many values, long names. */
function crowdedReport(): Report {
  const report = sealedReport()
  const labels = Array.from({ length: 77 }, (_, index) => `a_rather_long_intent_name_without_spaces_${index}`)
  const interval = { low: 0.2, high: 0.7 }
  const recall = labels.map((label, index) => ({ label, support: 40, recall: (index % 10) / 10, interval }))
  const { values } = report.gaps.attributes[0]!
  const cells = labels.flatMap(label =>
    Array.from({ length: 14 }, (_, index) => ({
      values: [label, `value ${index}`] as const,
      count: index % 4,
      target: 0.02,
      need: 12,
    })),
  )
  return {
    ...report,
    project: { ...report.project, name: `${'long-project-name-'.repeat(6)}end` },
    arms: report.arms.map(arm => Object.assign({}, arm, { tasks: [{ ...arm.tasks[0]!, recall }] })),
    gaps: {
      ...report.gaps,
      attributes: [{ name: 'intent', values: labels.map(value => Object.assign({}, values[0], { value })) }],
      pairs: [{ attributes: ['intent', 'other'], cells }],
    },
  }
}

describe.skipIf(executablePath === undefined)('the report in Chromium (skipped where there is none)', () => {
  let browser: Browser
  const folder = mkdtempSync(path.join(tmpdir(), 'tilth-report-'))

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: chromiumFlags })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(
    report: Report,
    look: { width?: number; scheme?: 'light' | 'dark' } = {},
  ): Promise<Opened> {
    const source = renderReport(report, timing())
    const file = path.join(folder, 'report.html')
    writeFileSync(file, source)
    const page = await browser.newPage({
      viewport: { width: look.width ?? 1280, height: 900 },
      colorScheme: look.scheme ?? 'light',
    })
    const messages: string[] = []
    const requests: string[] = []
    page.on('console', message => messages.push(message.text()))
    page.on('pageerror', error => messages.push(error.message))
    page.on('request', request => requests.push(request.url()))
    const url = pathToFileURL(file).href
    await page.goto(url)
    return { page, source, messages, requests: requests.filter(request => request !== url) }
  }

  const looks = [390, 1280].flatMap(width =>
    (['light', 'dark'] as const).flatMap(scheme =>
      Object.entries({ sealed: sealedReport, scarce: scarceReport, crowded: crowdedReport }).map(
        ([name, make]) => ({
          width,
          scheme,
          name,
          make,
        }),
      ),
    ),
  )

  test.each(looks)(
    '$name, $width px, $scheme: quiet, alone, legible and no wider than the window',
    async look => {
      const { page, messages, requests } = await open(look.make(), look)
      expect(messages).toEqual([])
      expect(requests).toEqual([])
      expect(await pageWidth(page)).toBe(look.width)
      expect(await overlappingTicks(page)).toEqual([])
      expect(await faintTexts(page)).toEqual([])
      await page.close()
    },
  )

  test('the browser has nothing to repair: every tag of the file is an element of the page', async () => {
    for (const report of [sealedReport(), scarceReport(), crowdedReport()]) {
      const { page, source } = await open(report)
      const written = countNames([...source.matchAll(/<([a-z][a-z0-9]*)/g)].map(match => match[1]!))
      const parsed = countNames(
        await page.locator('css=*').evaluateAll(elements => elements.map(element => element.localName)),
      )
      expect(parsed).toEqual(written)
      const ids = await page.locator('[id]').evaluateAll(elements => elements.map(element => element.id))
      expect(new Set(ids).size).toBe(ids.length)
      await page.close()
    }
  })

  test('markup in the data is shown, not run', async () => {
    const report = reportSchema.parse(poison(sealedReport()))
    const { page, messages, requests } = await open(report)
    expect(await page.locator('script, img').count()).toBe(0)
    expect(await page.evaluate('"hit" in globalThis')).toBe(false)
    expect(await page.textContent('h1')).toBe(`wildlife-strikes${attack}`)
    expect(messages).toEqual([])
    expect(requests).toEqual([])
    await page.close()
  })

  test('on paper nothing is cut off at the side, and what is folded is open', async () => {
    const { page } = await open(sealedReport(), { width: 680 })
    await page.emulateMedia({ media: 'print' })
    expect(await pageWidth(page)).toBe(680)
    const cut = await page
      .locator('.scroll')
      .evaluateAll(boxes =>
        boxes.filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent),
      )
    expect(cut).toEqual([])
    const folded = await page
      .locator('details > :not(summary)')
      .evaluateAll(
        contents => contents.filter(content => content.getBoundingClientRect().height === 0).length,
      )
    expect(folded).toBe(0)
    await page.close()
  })
})

interface Opened {
  readonly page: Page
  readonly source: string
  readonly messages: readonly string[]
  readonly requests: readonly string[]
}

function countNames(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function pageWidth(page: Page): Promise<number> {
  return page.locator('html').evaluate(root => root.scrollWidth)
}

/** Neighbouring tick labels of an axis that touch, or that stand outside the window. */
async function overlappingTicks(page: Page): Promise<readonly string[]> {
  const axes = await page.locator('.axis svg').evaluateAll(drawings =>
    drawings.map(drawing =>
      [...drawing.querySelectorAll('text')].map(label => {
        const { left, right } = label.getBoundingClientRect()
        return { text: String(label.textContent), left: Number(left), right: Number(right) }
      }),
    ),
  )
  const width = page.viewportSize()!.width
  return axes.flatMap(labels =>
    labels
      .filter(
        ({ left, right }, index) => left < 0 || right > width || (labels[index - 1]?.right ?? -9) + 2 > left,
      )
      .map(label => label.text),
  )
}

/** Texts with less contrast to what is behind them than WCAG 2.2 asks of body text (4.5 to 1). */
async function faintTexts(page: Page): Promise<readonly string[]> {
  const texts = await page.locator('body *').evaluateAll(elements =>
    elements
      .filter(element =>
        [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== ''),
      )
      .map(element => {
        const styleOf = (of: typeof element) => of.ownerDocument.defaultView!.getComputedStyle(of)
        let behind = element
        while (behind.parentElement !== null && styleOf(behind).backgroundColor.endsWith(', 0)')) {
          behind = behind.parentElement
        }
        const { color, fill } = styleOf(element)
        return {
          text: String(element.textContent).slice(0, 40),
          ink: String(element.localName === 'text' ? fill : color),
          ground: String(styleOf(behind).backgroundColor),
        }
      }),
  )
  const faint = texts.filter(({ ink, ground }) => contrast(ink, ground) < 4.5)
  return faint.map(({ text, ink, ground }) => `${text}: ${contrast(ink, ground).toFixed(2)}`)
}

/** Contrast ratio of WCAG 2.2 between two colours as computed styles give them, `rgb(1, 2, 3)`. */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high! + 0.05) / (low! + 0.05)
}

function luminance(color: string): number {
  const [red, green, blue] = color.match(/[\d.]+/g)!.map(channel => {
    const share = Number(channel) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}
