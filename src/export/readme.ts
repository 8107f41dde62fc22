import type { DataExport, ExportFormat } from './format.ts'
import type { Lineage } from './lineage.ts'

/** The README.md of an export: what it is, how to train with it, where the data come from, and what to know. */
export function exportReadme(
  format: ExportFormat,
  data: DataExport,
  { lineage, cautions }: { readonly lineage: Lineage; readonly cautions: readonly string[] },
): string {
  const { training, base } = data
  const settings: readonly (readonly [string, string | number])[] = [
    ['model', base.name],
    ['seed', training.seed],
    ['epochs', training.epochs],
    ['examples to a step', `${training.batchSize} x ${training.accumulation}`],
    ['steps', training.steps],
    ['learning rate', `${training.learningRate}, ${training.warmupSteps} steps of warm-up, then a cosine`],
    ['LoRA', `rank ${training.lora.rank}, alpha ${training.lora.alpha}, all linear layers`],
    ['sequence length', training.sequenceLength],
  ]
  return `# ${data.name}

The training set \`${lineage.arm}\` of run ${lineage.run}, for ${format.title}: ${data.train.length} examples to train on, ${data.evaluation.length} real ones to evaluate on.

\`\`\`sh
${format.command}
\`\`\`

Checked against ${format.checkedAgainst}. The split is made already: no part of the training file is to be kept for evaluation, and no sealed row is in here. Train \`real\` (\`tilth export --arm real\`) the same way, and \`real-repeated\` for as many steps, before saying that synthetic examples helped.

| setting | value |
| --- | --- |
${settings.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}

## To know
${cautions.length === 0 ? '\nNothing was found.\n' : `\n${cautions.map(caution => `- ${caution}`).join('\n')}\n`}
## Where the data come from

Project ${lineage.project}: ${lineage.real} real examples and ${lineage.synthetic} synthetic ones${lineage.distinct < data.train.length ? `, ${lineage.distinct} of them different` : ''}.

| source or generator | kind | examples |
| --- | --- | ---: |
${lineage.parts.map(({ name, kind, examples }) => `| ${name} | ${kind} | ${examples} |`).join('\n')}

${
  lineage.local
    ? 'Some of these examples descend from rows that may not be shared. This is synthetic data without a differential-privacy guarantee: decide with the owner of those rows before it leaves this machine.'
    : 'No row that may not be shared was used. Synthetic examples come without a differential-privacy guarantee.'
}

\`manifest.json\` has the hash of every file and of the mixture in the run.
`
}
