/** A small project with development rows and a system message, by file: a run of it takes a second. */
export const exportProject: Readonly<Record<string, string>> = {
  'reports.csv': reports(),
  'tilth.yaml': `name: reports
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
split: { dev: 0.2 }
tasks:
  yield:
    kind: label
    answer: yield
    system: Answer good or poor.
    prompts:
      - Soil {{ soil }}, rain {{ rain }}, crop {{ crop }}. Yield?
      - '{{ crop }} on {{ soil }}, rain {{ rain }}: yield?'
    heldOut: ['How was {{ crop }} on {{ soil }} with rain {{ rain }}?']
attributes: [yield, soil]
target: { yield: uniform }
generators:
  learned: { use: records }
mixtures:
  mixed: { generators: [learned], perReal: 2 }
evaluate: { repeats: 1, folds: 2 }
`,
}

function reports(): string {
  const lines = ['plot,soil,rain,crop,yield']
  for (let row = 0; row < 60; row++) {
    const soil = ['clay', 'sand', 'loam'][row % 3]!
    const isGood = (soil === 'loam') !== (row % 11 === 0)
    lines.push(
      `plot-${row},${soil},${(row * 37) % 100},${['rye', 'oat'][row % 2]},${isGood ? 'good' : 'poor'}`,
    )
  }
  return `${lines.join('\n')}\n`
}
