import { countText, differenceText, fixed, metricText, plural, proseHtml, scoreText } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { type DrawnAmount, searchChart } from './search-chart.ts'
import { numberHeads, scrollTable } from './table.ts'

type Search = NonNullable<Report['search']>[number]
type Pass = Search['passes'][number]
type Arm = Pass['rungs'][number]['arms'][number]

/** An amount over all passes that measured it on their last rung: the means of its figures. */
interface Amount {
  readonly perReal: number
  readonly keep: Arm['keep']
  readonly score: number
  readonly difference: number
  readonly standardError: number
  /** How often it was the choice. */
  readonly chosen: number
}

/** How much synthetic data to take, and how that was found. */
export function searchSection({ search }: Report): Html | null {
  if (search === undefined) return null
  return html`<section id="search">
    <h2>How much to take</h2>
    <p class="standfirst">
      Before anything was measured on held-out rows, the student learned from parts of the real training rows,
      with more and fewer synthetic rows beside them, and was asked about the other parts. The test had no
      part in it.
    </p>
    ${search.map(searchPanel)}
  </section>`
}

function searchPanel(search: Search): Html {
  const { mixture, says, metrics, tasks, passes } = search
  const amounts = amountsOf(passes)
  const [metric = ''] = metrics
  const asked = passes[0]?.asked ?? 1
  const unit = metrics.length === 1 ? metricText(metric) : 'the mean score'
  const most = Math.max(...amounts.map(({ chosen }) => chosen))
  const drawn = amounts.map((amount): DrawnAmount => ({
    synthetic: syntheticOf(amount),
    half: amount.keep === 'half',
    score: amount.score,
    error: asked * amount.standardError,
    chosen: amount.chosen === most,
  }))
  return html`<article class="panel">
    <h3>${mixture}</h3>
    <p>${proseHtml(says)}</p>
    ${
      amounts.length === 0
        ? null
        : html`<p>
              <small
                >${unit}${tasks.length > 1 ? ` over ${tasks.length} tasks` : ''} in points, upward; synthetic
                rows for each real one, to the right. The dashed line is the score of the real rows alone; a
                dot whose bar stays above it is better beyond noise. “Half” is the half of what was made whose
                labels a student of the real rows finds likeliest.</small
              >
            </p>
            ${searchChart(drawn, says)} ${amountsTable(amounts, { passes: passes.length, asked }, metric)}
            ${rungsText(passes)}`
    }
  </article>`
}

function amountsTable(
  amounts: readonly Amount[],
  { passes, asked }: { readonly passes: number; readonly asked: number },
  metric: string,
): Html {
  const several = passes > 1
  return scrollTable({
    title: 'Every amount that was compared',
    note: `${several ? 'Means over the folds. ' : ''}Chosen is, of the amounts that are better than real only by more than ${fixed(asked, 1)} standard errors (the more are compared, the more is asked of each), the one with the fewest rows within one standard error of the best.`,
    className: 'pinned',
    head: html`<th scope="col">Synthetic rows for each real one</th>
      ${numberHeads(['Score', 'Against real only', 'One standard error', several ? 'Chosen in' : 'Chosen'])}`,
    rows: amounts.map(
      amount =>
        html`<tr>
          <th scope="row">${amountText(amount)}</th>
          <td class="number">${scoreText(metric, amount.score)}</td>
          <td class="number">${amount.perReal === 0 ? '' : differenceText(metric, amount.difference)}</td>
          <td class="number">${amount.perReal === 0 ? '' : scoreText(metric, amount.standardError)}</td>
          <td class="number">
            ${several ? `${countText(amount.chosen)} of ${countText(passes)}` : amount.chosen > 0 ? 'yes' : ''}
          </td>
        </tr>`,
    ),
  })
}

/** How the search went on over growing parts of the rows, where it did. */
function rungsText(passes: readonly Pass[]): Html | null {
  const [first] = passes
  if (first === undefined || first.rungs.length < 2) return null
  const told = first.rungs.map(({ rows, correlation, pruned }) => {
    const order =
      correlation === null ? '' : `, in an order that agrees with the one before by ${fixed(correlation, 2)}`
    const left = pruned === 0 ? '' : `, after which ${plural(pruned, 'amount')} went no further`
    return `${countText(rows)} rows${order}${left}`
  })
  return html`<p>
    <small
      >The amounts were compared on growing parts of the rows: ${told.join('; ')}. Agreement is Spearman’s
      rank correlation; below 0.50 none is left out.</small
    >
  </p>`
}

function amountsOf(passes: readonly Pass[]): readonly Amount[] {
  const measured = passes.flatMap(({ rungs, choice }) =>
    (rungs.at(-1)?.arms ?? []).map(arm => ({ arm, isChosen: amountText(arm) === amountText(choice) })),
  )
  return [...Map.groupBy(measured, ({ arm }) => amountText(arm)).values()]
    .map((members): Amount => {
      const mean = (figure: (arm: Arm) => number): number =>
        members.reduce((sum, { arm }) => sum + figure(arm), 0) / members.length
      return {
        perReal: members[0]!.arm.perReal,
        keep: members[0]!.arm.keep,
        score: mean(arm => arm.score),
        difference: mean(arm => arm.difference),
        standardError: mean(arm => arm.standardError),
        chosen: members.filter(({ isChosen }) => isChosen).length,
      }
    })
    .toSorted((a, b) => syntheticOf(a) - syntheticOf(b))
}

function syntheticOf({ perReal, keep }: Pick<Arm, 'perReal' | 'keep'>): number {
  return keep === 'half' ? perReal / 2 : perReal
}

function amountText({ perReal, keep }: Pick<Arm, 'perReal' | 'keep'>): string {
  if (perReal === 0) return 'none: real only'
  return keep === 'half' ? `${perReal / 2}: the better half of ${perReal}` : String(perReal)
}
