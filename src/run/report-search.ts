import { armText, type SearchArm } from '../mix/search-arms.ts'
import type { Report } from '../report/report-schema.ts'
import type { MakerInput } from './steps/maker.ts'
import type { MixtureSearch } from './steps/search.ts'

type Searches = NonNullable<Report['search']>

/** What the searches of all replicates found, by mixture; nothing where none was made. */
export async function reportSearches({
  step,
  prepared,
  need,
}: Pick<MakerInput, 'step' | 'prepared' | 'need'>): Promise<{ search?: Searches }> {
  const names = step.needs.filter(name => name.startsWith('search:'))
  if (names.length === 0) return {}
  const searches = await Promise.all(
    names.map(async name => ({
      replicate: Number(name.slice(name.lastIndexOf('@') + 1)),
      search: await need<MixtureSearch>(name),
    })),
  )
  const byMixture = Map.groupBy(searches, ({ search }) => search.mixture)
  return {
    search: [...byMixture].map(([mixture, passes]) => {
      const { tasks, following, declared } = passes[0]!.search
      const metrics = prepared.tasks.filter(({ name }) => tasks.includes(name)).map(({ metric }) => metric)
      return {
        mixture,
        says: tellSearches(passes.map(({ search }) => search)),
        tasks,
        following,
        metrics: [...new Set(metrics)],
        declared,
        passes: passes.map(({ replicate, search }) => ({
          replicate,
          rows: search.rows,
          unsearched: search.unsearched,
          choice: search.choice,
          asked: search.asked,
          detectable: search.detectable,
          rungs: search.rungs.map(rung => ({
            ...rung,
            arms: rung.arms.map(({ freedom: _freedom, ...arm }) => arm),
          })),
        })),
      }
    }),
  }
}

/** What the searches of one mixture found, in words: one search, or one in each fold. */
export function tellSearches(searches: readonly MixtureSearch[]): string {
  const [first] = searches
  return [
    searches.length === 1 ? tellOne(first!) : tellSeveral(searches),
    tellDetectable(searches),
    tellFollowing(first!),
  ]
    .filter(sentence => sentence !== '')
    .join(' ')
}

function tellOne({ choice, declared, rungs, rows, unsearched }: MixtureSearch): string {
  const arms = rungs.at(-1)?.arms ?? []
  const found = (arm: SearchArm): string => {
    const { difference, standardError } = arms.find(each => armText(each) === armText(arm))!
    const points = `${Math.abs(100 * difference).toFixed(1)} points ${difference < 0 ? 'below' : 'above'} real only`
    return `${points} (one standard error: ${(100 * standardError).toFixed(1)}) in cross-validation on ${rows} training rows`
  }
  if (choice.outcome === 'unsearched')
    return `Nothing was compared, since ${unsearched}: the declared amount is taken, ${armText(declared)}.`
  if (choice.outcome === 'found') return `Synthetic rows, ${armText(choice)}, scored ${found(choice)}.`
  if (choice.outcome === 'real-only')
    return `Take no synthetic rows: no amount was better than real only beyond noise, and the declared one, ${armText(declared)}, scored ${found(declared)}.`
  return `No amount differs from real only by more than noise, so the declared one is taken, ${armText(declared)}; it scored ${found(declared)}.`
}

function tellSeveral(searches: readonly MixtureSearch[]): string {
  const words = {
    found: 'found better than real only',
    'real-only': 'since the declared amount was worse',
    declared: 'as declared, no difference being more than noise',
    unsearched: 'as declared, nothing having been compared',
  }
  const counts = Map.groupBy(searches, ({ choice }) => `${armText(choice)} ${choice.outcome}`)
  const told = [...counts.values()]
    .toSorted((a, b) => b.length - a.length)
    .map(members => {
      const { choice } = members[0]!
      return `${armText(choice)} in ${members.length} (${words[choice.outcome]})`
    })
  return `Each of ${searches.length} folds chose by its own training rows: ${told.join('; ')}.`
}

/** Of several searches the median. */
function tellDetectable(searches: readonly MixtureSearch[]): string {
  const each = searches.flatMap(({ detectable }) => detectable ?? []).toSorted((a, b) => a - b)
  const middle = each[Math.floor(each.length / 2)]
  return middle === undefined
    ? ''
    : `A true gain of ${(100 * middle).toFixed(1)} points or more would have been found four times in five; a smaller one may be there unseen.`
}

function tellFollowing({ following }: MixtureSearch): string {
  if (following.length === 0) return ''
  const names = following.map(name => `"${name}"`).join(', ')
  return `${names} ${following.length === 1 ? 'follows' : 'follow'}: the student cannot learn ${following.length === 1 ? 'it' : 'them'}.`
}
