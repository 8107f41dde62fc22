// ROUGE-L novelty against all kept instructions, exact. Bar: 52,000 instructions (as many as Alpaca has) under 15 s on one
// thread, and no mismatch with a comparison of all pairs on 3,000. Every instruction is kept, the most work there is.
//   node bench/rouge.ts
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { words } from '../src/stats/ngrams.ts'
import { createRougeIndex, type RougeMatch } from '../src/stats/rouge-index.ts'
import { makeInstructions } from './made-instructions.ts'

const threshold = 0.7

const made = [...makeInstructions(52_000, 1)]
const lengths = made.map(text => words(text).length).sort((a, b) => a - b)
console.log(
  `52,000 made instructions of ${lengths[0]} to ${lengths.at(-1)} words, median ${lengths[26_000]}; bar: under 15 s`,
)
measure(made)
checkAgainstAllPairs('3,000 of them', made.slice(0, 3_000))

const questions = join(process.cwd(), '..', 'shared', 'data', 'banking77', 'train.csv')
if (existsSync(questions)) {
  const texts = (parse(readFileSync(questions, 'utf8'), { columns: true }) as { text: string }[]).map(
    ({ text }) => text,
  )
  console.log(`${texts.length} real questions of BANKING77`)
  measure(texts)
  const part = texts.filter((_, place) => place % 3 === 0).slice(0, 3_000)
  checkAgainstAllPairs(`${part.length} of them`, part)
} else console.log('BANKING77: skipped, ../shared/data/banking77/train.csv is missing')

function measure(texts: readonly string[]): void {
  const start = process.cpuUsage()
  const clock = performance.now()
  const near = findEach(texts).filter(match => match !== undefined).length
  const { user, system } = process.cpuUsage(start)
  console.log(
    `  ${((performance.now() - clock) / 1000).toFixed(2)} s (processor ${((user + system) / 1e6).toFixed(2)} s), ${near} above ${threshold}`,
  )
}

/** The best earlier text above the threshold for each text. */
function findEach(texts: readonly string[]): readonly (RougeMatch | undefined)[] {
  const index = createRougeIndex({ threshold })
  return texts.map((text, number) => {
    const said = words(text)
    const match = index.findAbove(said)
    index.add(String(number), said)
    return match
  })
}

function checkAgainstAllPairs(what: string, texts: readonly string[]): void {
  const found = findEach(texts)
  const start = performance.now()
  const said = texts.map(text => words(text))
  let mismatches = 0
  for (const [number, text] of said.entries()) {
    let best: RougeMatch | undefined
    for (let other = 0; other < number; other++) {
      const score = (2 * commonByTable(text, said[other]!)) / (text.length + said[other]!.length)
      if (score > threshold && score > (best?.score ?? 0)) best = { key: String(other), score }
    }
    if (best?.key !== found[number]?.key || best?.score !== found[number]?.score) mismatches++
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(
    `  ${what}: ${mismatches} mismatches with all ${(texts.length * (texts.length - 1)) / 2} pairs (${seconds} s)`,
  )
}

/** Longest common subsequence by the textbook's table. */
function commonByTable(a: readonly string[], b: readonly string[]): number {
  const lengths = new Uint8Array(b.length + 1)
  for (const word of a) {
    let diagonal = 0
    for (let place = 1; place <= b.length; place++) {
      const above = lengths[place]!
      lengths[place] = word === b[place - 1] ? diagonal + 1 : Math.max(above, lengths[place - 1]!)
      diagonal = above
    }
  }
  return lengths[b.length]!
}
