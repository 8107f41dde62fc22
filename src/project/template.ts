import { UserError } from '../error.ts'
import type { Mistake, Path } from './mistake.ts'
import { group, groups, list, type Group } from './part.ts'
import { compileExpression, compileTemplate } from '../task/template.ts'

/** Templates and conditions are compiled here, so that a typing mistake is found before anything is read. */
export function checkTemplates(project: Group): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const check = (
    path: Path,
    template: unknown,
    compile: (source: string) => unknown = compileTemplate,
  ): void => {
    if (typeof template !== 'string') return
    try {
      compile(template)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      mistakes.push({ path, message: [error.message.replace(/\.?$/, '.'), error.next].join(' ') })
    }
  }
  for (const [name, task] of groups(project['tasks'])) {
    for (const key of ['system', 'response']) check(['tasks', name, key], task[key])
    for (const key of ['prompts', 'heldOut']) {
      for (const [index, prompt] of list(task[key]).entries()) {
        check(['tasks', name, key, index], promptText(prompt))
        check(['tasks', name, key, index, 'response'], group(prompt)['response'])
      }
    }
  }
  for (const [name, column] of groups(project['columns'])) {
    const isTemplate = /\{\{|\{%/.test(String(column['derive']))
    check(['columns', name, 'derive'], column['derive'], isTemplate ? compileTemplate : compileExpression)
  }
  for (const [index, condition] of list(project['constraints']).entries()) {
    check(['constraints', index], condition, compileExpression)
  }
  return mistakes
}

/** The wording of a prompt, whichever way it is written. */
export function promptText(prompt: unknown): string | undefined {
  const text = typeof prompt === 'string' ? prompt : group(prompt)['prompt']
  return typeof text === 'string' ? text : undefined
}

/** The columns that a template reads; none where it cannot be compiled, which `checkTemplates` says. */
export function columnsOf(
  template: string | undefined,
  compile: (source: string) => { readonly columns: readonly string[] } = compileTemplate,
): readonly string[] {
  try {
    return template === undefined ? [] : compile(template).columns
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}
