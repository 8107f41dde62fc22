import { didYouMean, oneOf } from '../did-you-mean.ts'
import { formatValue, type Mistake, type Path } from './mistake.ts'
import { group, groups, list, type Group } from './part.ts'
import type { Project } from './schema.ts'
import { checkTemplates, columnsOf, promptText } from './template.ts'
import { compileExpression } from '../task/template.ts'

/**
 * What names each other in a project, and what the settings mean together. Reads the file as it was written,
 * whatever shape it has, so that these mistakes are reported together with those of the shape.
 */
export function checkReferences(input: unknown): readonly Mistake[] {
  const project = group(input)
  return [
    ...checkSources(project),
    ...checkTasks(project),
    ...checkTarget(project),
    ...checkGenerators(project),
    ...checkMixtures(project),
    ...checkTemplates(project),
    ...checkLimits(project),
    ...checkStudent(['student'], group(project['student'])),
    ...checkPreview(project),
  ]
}

/** An adapter stands beside weights that know something, and those have their size. */
function checkStudent(path: Path, student: Group): readonly Mistake[] {
  const { base, lora, size } = student
  const isScratch = base === undefined || base === null
  if (isScratch && lora !== undefined && lora !== null) {
    const message = 'is given without a `base`: a decoder from scratch has no weights for an adapter.'
    return [{ path: [...path, 'lora'], message }]
  }
  if (!isScratch && size !== undefined)
    return [{ path: [...path, 'size'], message: 'is given with a `base`, which has a size of its own.' }]
  return []
}

function checkPreview(project: Group): readonly Mistake[] {
  const preview = group(project['preview'])
  const known = groups(project['tasks']).map(([name]) => name)
  const unknown = list(preview['tasks']).flatMap((task, index): Mistake[] => {
    if (typeof task !== 'string' || known.includes(task)) return []
    const message = `is ${formatValue(task)}, but no task is called that.${didYouMean(task, known)}`
    return [{ path: ['preview', 'tasks', index], message }]
  })
  return [...unknown, ...checkStudent(['preview', 'student'], group(preview['student']))]
}

function checkSources(project: Group): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const sources = groups(project['sources'])
  for (const [name, source] of sources) {
    if (source['share'] === 'local' && source['use'] === 'train') {
      mistakes.push({
        path: ['sources', name, 'share'],
        message:
          'is "local" on a source with use "train", but training examples are rendered into files that can be shared. ' +
          'It should be use "fit" (a synthesizer is fitted on it, its rows stay here) or "test", or share "anyone".',
      })
    }
    const twin = sources.find(([, other]) => other !== source && sameRows(source, other))
    if (source['use'] === 'test' && twin !== undefined) {
      mistakes.push({
        path: ['sources', name, 'path'],
        message:
          `is ${formatValue(source['path'])}, which source "${twin[0]}" reads too: test rows would be trained on. ` +
          'Give the two sources different files or a `where` each, or leave the test source out: `split.test` then seals a part.',
      })
    }
  }
  const hasTrain = sources.some(([, source]) => source['use'] === 'train')
  const isReadable = sources.every(([, source]) => ['train', 'fit', 'test'].includes(String(source['use'])))
  if (project['sources'] !== undefined && !hasTrain && isReadable) {
    mistakes.push({
      path: ['sources'],
      message: 'has no source with use "train"; at least one is needed to learn from.',
    })
  }
  return mistakes
}

function sameRows(one: Group, other: Group): boolean {
  if (typeof one['path'] !== 'string' || one['path'] !== other['path']) return false
  return other['use'] !== 'test' && (one['where'] === undefined || other['where'] === undefined)
}

function checkTasks(project: Group): readonly Mistake[] {
  const tasks = groups(project['tasks'])
  const dropped = groups(project['sources']).flatMap(([name, source]) =>
    list(source['drop']).map(column => ({ name, column })),
  )
  const mistakes = tasks.flatMap(([name, task]) => {
    const path: Path = ['tasks', name]
    const answers = typeof task['answer'] === 'string' ? [task['answer']] : []
    const columns = task['kind'] === 'fields' ? list(task['fields']) : answers
    const gone = dropped.find(({ column }) => columns.includes(column))
    return [
      ...checkPrompts(path, task, answers),
      ...repeated([...path, 'labels'], task['labels']),
      ...repeated([...path, 'fields'], task['fields']),
      ...(gone === undefined
        ? []
        : [{ path, message: `answers with column "${gone.column}", which source "${gone.name}" drops.` }]),
    ]
  })
  if (project['tasks'] !== undefined && tasks.length === 0) {
    mistakes.push({ path: ['tasks'], message: 'is empty; at least one task says what is to be learned.' })
  }
  return mistakes
}

function checkPrompts(path: Path, task: Group, answers: readonly string[]): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const asked = new Set(list(task['prompts']).map(promptText))
  for (const key of ['prompts', 'heldOut']) {
    for (const [index, prompt] of list(task[key]).entries()) {
      const text = promptText(prompt)
      const at: Path = [...path, key, index]
      if (key === 'heldOut' && text !== undefined && asked.has(text)) {
        mistakes.push({
          path: at,
          message: 'is among `prompts` too; a held-out wording must not be trained on.',
        })
      }
      const shown =
        task['kind'] === 'label' || task['kind'] === 'number'
          ? answers.find(answer => columnsOf(text).includes(answer))
          : undefined
      if (shown !== undefined) {
        mistakes.push({ path: at, message: `shows column "${shown}", which is the answer. Ask without it.` })
      }
      if (
        task['kind'] === 'text' &&
        task['response'] === undefined &&
        group(prompt)['response'] === undefined
      ) {
        mistakes.push({
          path: at,
          message: 'has no response; give it one, or give the task a `response` for all its prompts.',
        })
      }
    }
  }
  return mistakes
}

function repeated(path: Path, values: unknown): readonly Mistake[] {
  return list(values).flatMap((value, index, all) =>
    all.indexOf(value) === index
      ? []
      : [{ path: [...path, index], message: `is ${formatValue(value)}, which stands in the list already.` }],
  )
}

function checkTarget(project: Group): readonly Mistake[] {
  const attributes = list(project['attributes']).filter(name => typeof name === 'string')
  const targets = Object.entries(group(project['target'])).flatMap(([attribute, wanted]) => {
    const path: Path = ['target', attribute]
    const mistakes: Mistake[] = []
    if (!attributes.includes(attribute))
      mistakes.push({ path, message: unknownName(attribute, attributes, 'attributes'), inName: true })
    const shares = Object.values(group(wanted))
    if (typeof wanted === 'object' && shares.every(share => share === 0)) {
      mistakes.push({ path, message: 'wants nothing of any value; at least one share should be above 0.' })
    }
    return mistakes
  })
  return [...repeated(['attributes'], project['attributes']), ...targets]
}

function checkGenerators(project: Group): readonly Mistake[] {
  const sources = groups(project['sources'])
  return groups(project['generators']).flatMap(([name, generator]) =>
    list(generator['fitOn']).flatMap((source, index): readonly Mistake[] => {
      const path: Path = ['generators', name, 'fitOn', index]
      const named = sources.find(([other]) => other === source)
      if (named === undefined)
        return [
          {
            path,
            message: unknownName(
              source,
              sources.map(([other]) => other),
              'sources',
            ),
          },
        ]
      if (named[1]['use'] !== 'test') return []
      return [
        {
          path,
          message: `is ${formatValue(source)}, which is sealed (use "test"): what is fitted on it would have seen the test rows.`,
        },
      ]
    }),
  )
}

function checkMixtures(project: Group): readonly Mistake[] {
  const generators = Object.keys(group(project['generators']))
  return groups(project['mixtures']).flatMap(([name, mixture]) => {
    const path: Path = ['mixtures', name, 'generators']
    const unknown = list(mixture['generators']).flatMap((generator, index): readonly Mistake[] =>
      generators.includes(String(generator))
        ? []
        : [{ path: [...path, index], message: unknownName(generator, generators, 'generators') }],
    )
    return [...unknown, ...repeated(path, mixture['generators']), ...checkSearch(project, name, mixture)]
  })
}

/** What a search falls back on must be among what it measures; later mixtures are searched only beside the first. */
function checkSearch(project: Group, name: string, mixture: Group): readonly Mistake[] {
  if (mixture['search'] === undefined) return []
  const search = group(mixture['search'])
  const path: Path = ['mixtures', name, 'search']
  const mistakes = ['perReal', 'keep', 'C'].flatMap(key => repeated([...path, key], search[key]))
  const amounts = search['perReal'] === undefined ? [0, 1, 3, 10] : list(search['perReal'])
  const declared = mixture['perReal'] ?? 10
  if (Array.isArray(search['perReal'] ?? []) && !amounts.includes(declared)) {
    mistakes.push({
      path: [...path, 'perReal'],
      message:
        `does not hold ${formatValue(declared)}, the mixture's own \`perReal\`. ` +
        'The search falls back on that where it finds nothing beyond noise, so it must measure it too.',
    })
  }
  const [first] = groups(project['mixtures'])
  if (first !== undefined && first[0] !== name && first[1]['search'] === undefined) {
    mistakes.push({
      path,
      message:
        `is on a mixture beside "${first[0]}", which has none. The penalty is tuned in every arm or in none: ` +
        'give the first mixture a search too.',
    })
  }
  return mistakes
}

function unknownName(name: unknown, known: readonly string[], what: string): string {
  if (known.length === 0) return `is ${formatValue(name)}, but \`${what}\` is empty.`
  const guess = typeof name === 'string' ? didYouMean(name, known) : ''
  return `is ${formatValue(name)}, which \`${what}\` does not name.${guess || ` There: ${oneOf(known)}.`}`
}

function checkLimits(project: Group): readonly Mistake[] {
  const { minimumLength, maximumLength } = group(project['validate'])
  if (
    typeof minimumLength !== 'number' ||
    typeof maximumLength !== 'number' ||
    minimumLength <= maximumLength
  )
    return []
  return [
    {
      path: ['validate', 'minimumLength'],
      message: `is ${minimumLength}, above maximumLength ${maximumLength}: nothing would pass.`,
    },
  ]
}

/** Names in the project that the data do not have. `columns` are those read and those derived. */
export function checkColumns(project: Project, columns: readonly string[]): readonly Mistake[] {
  const known = [
    ...new Set([
      ...columns,
      ...Object.keys(project.columns).filter(name => project.columns[name]?.derive !== undefined),
    ]),
  ]
  const mistakes: Mistake[] = []
  const check = (path: Path, column: string | undefined): void => {
    if (column === undefined || known.includes(column)) return
    const guess = didYouMean(column, known)
    mistakes.push({
      path,
      message: `names ${formatValue(column)}, which is no column of the data.${guess || ` There: ${oneOf(known)}.`}`,
    })
  }
  check(['split', 'stratify'], project.split.stratify)
  for (const [index, attribute] of project.attributes.entries()) check(['attributes', index], attribute)
  for (const name of Object.keys(project.columns)) check(['columns', name], name)
  for (const [index, condition] of project.constraints.entries()) {
    for (const column of columnsOf(condition, compileExpression)) check(['constraints', index], column)
  }
  for (const [name, generator] of Object.entries(project.generators)) {
    if (generator.use === 'rules') {
      for (const [made, column] of Object.entries(generator.noise))
        check(['generators', name, 'noise', made], column)
    }
    if (generator.use !== 'seeds') continue
    check(['generators', name, 'text'], generator.text)
    for (const [index, label] of generator.labels.entries())
      check(['generators', name, 'labels', index], label)
    for (const [kind, column] of Object.entries(generator.slots ?? {})) {
      for (const one of [column].flat()) check(['generators', name, 'slots', kind], one)
    }
  }
  for (const [name, task] of Object.entries(project.tasks)) {
    for (const key of ['prompts', 'heldOut'] as const) {
      if (task.kind === 'chat') continue
      for (const [index, { prompt }] of (task[key] ?? []).entries()) {
        for (const column of columnsOf(prompt)) check(['tasks', name, key, index], column)
      }
    }
    if (task.kind === 'label' || task.kind === 'number') check(['tasks', name, 'answer'], task.answer)
    if (task.kind === 'fields')
      for (const [index, field] of task.fields.entries()) check(['tasks', name, 'fields', index], field)
  }
  return mistakes
}
