// How fast the rules generator draws the example's grammar, and how well its estimate predicts that.
//   node bench/rules.ts
import { blankForm } from '../examples/wildlife-strikes/blank-form.ts'
import { createContext } from '../src/context.ts'
import { readSource } from '../src/data/read.ts'
import { inferSchema } from '../src/data/schema.ts'
import { rulesOptions } from '../src/generate/rules/options.ts'
import { rulesGenerator } from '../src/generate/rules/rules.ts'

const count = 20_000
const options = rulesOptions.parse(blankForm)
const { rows } = await readSource({
  name: 'reports',
  path: 'examples/wildlife-strikes/strikes.csv',
  use: 'train',
  share: 'anyone',
  where: { desk: 'shared' },
  drop: [],
})
const context = createContext({ seed: 1, name: 'bench' })
const input = {
  rows: rows.map(traced => ({ ...traced, row: { ...traced.row, damaged: 'no' } })),
  schema: inferSchema(rows),
}
const fitted = await rulesGenerator.fit(options, input, context)
const columns = Object.keys(options.columns).length
const predicted = rulesGenerator.estimate(options, { rows: rows.length, columns, count })
for (const cell of [{}, { damaged: 'yes' }, { damaged: 'yes', size: 'Large', phase: 'Climb' }]) {
  const start = performance.now()
  const made = await rulesGenerator.make(options, fitted, { cell, count }, context)
  const seconds = (performance.now() - start) / 1000
  const rate = Math.round(made.length / seconds).toLocaleString('en')
  console.log(
    `${JSON.stringify(cell)}: ${made.length} rows of ${columns} columns in ${seconds.toFixed(2)} s, ${rate} a second; predicted ${predicted.toFixed(2)} s`,
  )
}
