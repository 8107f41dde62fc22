import type { Attributes, Example } from '../data/example.ts'
import { canonicalJson, sha256 } from '../data/hash.ts'
import type { Random } from '../data/random.ts'
import type { Row } from '../data/row.ts'
import { hashExample } from './decision.ts'
import type { ItemPart, ReviewItem } from './item.ts'

/** Examples of each part. */
const sizes: Readonly<Record<ItemPart, number>> = { random: 20, chosen: 30, real: 10 }

/**
 * Picks what is reviewed: 20 synthetic examples drawn evenly (without replacement), from which acceptance is estimated;
 * of the others 30, taken in turn from every task, generator and case, the case with the most doubtful example first and
 * in each case the most doubtful first; and for a blind review 10 real ones. Equal examples count once, and what `decided`
 * names (hashes of content) is not chosen again. Fewer where there are no more. The order tells nothing.
 */
export function chooseItems(input: {
  /** Synthetic ones and, for a blind review, real ones. */
  readonly examples: readonly Example[]
  /** Synthetic rows by the group of their examples. */
  readonly rows: ReadonlyMap<string, Row>
  /** By example id; see `ReviewItem`. */
  readonly doubts: ReadonlyMap<string, number>
  readonly decided: ReadonlySet<string>
  readonly blind: boolean
  /** Names of items follow from it and the examples' ids. */
  readonly run: string
  readonly random: Random
}): readonly ReviewItem[] {
  const { doubts, random } = input
  const distinct = [...new Map(input.examples.map(example => [hashExample(example), example])).values()]
  const real = distinct.filter(({ origin }) => origin.kind === 'real')
  const synthetic = random
    .stream('draw')
    .shuffle(distinct.filter(({ origin }) => origin.kind === 'synthetic'))
  const drawn = synthetic.slice(0, sizes.random)
  const groups = new Set(drawn.map(({ group }) => group))
  const left = synthetic
    .slice(sizes.random)
    .filter(example => !groups.has(example.group) && !input.decided.has(hashExample(example)))
  const chosen = chooseDoubtful(left, doubts, sizes.chosen)
  const mixedIn = input.blind ? random.stream('real').shuffle(real).slice(0, sizes.real) : []
  const toItem =
    (part: ItemPart) =>
    (example: Example): ReviewItem => ({
      id: `ex-${sha256(`${input.run}/${example.id}`).slice(0, 12)}`,
      part,
      example,
      row: input.rows.get(example.group) ?? null,
      doubt: doubts.get(example.id) ?? null,
    })
  const items = [
    ...drawn.map(toItem('random')),
    ...chosen.map(toItem('chosen')),
    ...mixedIn.map(toItem('real')),
  ]
  return random.stream('order').shuffle(items)
}

/** In turn from every case, most doubtful first; of one row only one example. */
function chooseDoubtful(
  examples: readonly Example[],
  doubts: ReadonlyMap<string, number>,
  count: number,
): readonly Example[] {
  // Without a student's doubt an example stands where it was shuffled to, behind those that have one.
  const doubtOf = ({ id }: Example): number => doubts.get(id) ?? -1
  const cases = [...Map.groupBy(examples, caseOf).values()]
    .map(members => members.toSorted((a, b) => doubtOf(b) - doubtOf(a)))
    .toSorted((a, b) => doubtOf(b[0]!) - doubtOf(a[0]!))
  const chosen: Example[] = []
  const groups = new Set<string>()
  while (chosen.length < count && cases.some(members => members.length > 0)) {
    for (const members of cases) {
      const next = members.findIndex(({ group }) => !groups.has(group))
      const [example] = next < 0 ? [] : members.splice(0, next + 1).slice(-1)
      if (example === undefined) members.length = 0
      else if (chosen.length < count) {
        chosen.push(example)
        groups.add(example.group)
      }
    }
  }
  return chosen
}

function caseOf({ task, attributes, origin }: Example): string {
  const generator = origin.kind === 'synthetic' ? origin.generator : null
  return canonicalJson([task, generator, attributesOf(attributes, origin)])
}

/** The case an example belongs to: the cell it was asked for, or what it covers where no cell was asked for. */
function attributesOf(attributes: Attributes, origin: Example['origin']): Attributes {
  return origin.kind === 'synthetic' && Object.keys(origin.cell).length > 0 ? origin.cell : attributes
}
