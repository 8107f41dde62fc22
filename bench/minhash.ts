// Near-duplicates among texts of 100 words by MinHash, from the text to the verified answer: shingling, searching and
// adding each. Bar: 25,000 texts a second on one thread, no false duplicate; the recall is counted on planted pairs.
//   node bench/minhash.ts
import { createRandom } from '../src/data/random.ts'
import { createNearDuplicateIndex, shingles } from '../src/stats/minhash.ts'
import { makeInstructions } from './made-instructions.ts'

const count = 100_000
const threshold = 0.85
const random = createRandom(1, 'near-duplicates')

const pool = [...makeInstructions(60_000, 1)].join(' ').split(/\W+/u)
const originals = Array.from({ length: count * 0.9 }, () => {
  const start = random.integer(0, pool.length - 101)
  return random.shuffle(pool.slice(start, start + 100))
})
// One in ten is an earlier text with one to four words changed: Jaccard similarities from 0.78 to 0.95.
const copies = Array.from({ length: count * 0.1 }, (_, number) => {
  const words = [...originals[number]!]
  for (let change = random.integer(1, 4); change > 0; change--)
    words[random.integer(0, 99)] = random.pick(pool)
  return words
})
const texts = [...originals, ...copies].map(words => words.join(' '))

const index = createNearDuplicateIndex({ threshold, seed: 1 })
const found: (ReturnType<typeof index.findNear> | undefined)[] = []
const start = performance.now()
const used = process.cpuUsage()
for (const text of texts) {
  const set = shingles(text)
  found.push(index.findNear(set))
  index.add(set)
}
const clock = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage(used)
const processor = (user + system) / 1e6

let [near, missed, wrong] = [0, 0, 0]
for (const [number, text] of texts.entries()) {
  const match = found[number]
  if (match !== undefined && similarityOf(text, texts[match.number]!) < threshold) wrong++
  if (number < originals.length) continue
  if (similarityOf(text, texts[number - originals.length]!) < threshold) continue
  near++
  if (match === undefined) missed++
}
const rate = (seconds: number): string => Math.round(count / seconds).toLocaleString('en')
console.log(`${count} texts of 100 words, threshold ${threshold}; bar: 25,000 a second`)
console.log(`  ${rate(clock)} a second (${rate(processor)} a second of processor time)`)
console.log(`  ${wrong} false duplicates of ${found.filter(match => match !== undefined).length} found`)
console.log(
  `  recall ${((1 - missed / near) * 100).toFixed(2)} % (${near - missed} of ${near} planted pairs at or above the threshold)`,
)

/** From the texts' sets of words in threes, without their hashes. */
function similarityOf(a: string, b: string): number {
  const [left, right] = [a, b].map(
    text =>
      new Set(
        text
          .split(' ')
          .map((_, at, all) => all.slice(at, at + 3).join(' '))
          .slice(0, -2),
      ),
  )
  const shared = left!.intersection(right!).size
  return shared / (left!.size + right!.size - shared)
}
