import { expect, test } from 'vitest'
import { z } from 'zod'
import { projectSchema } from '../src/project/schema.ts'
import { readTableRows } from './markdown.ts'

test('every setting of the project file is described, with its default', () => {
  const described = new Map(
    readTableRows('docs/project-file.md').map(([name, given = '']) => [
      name!.replaceAll(/`|<\w+>/g, found => (found === '`' ? '' : '*')),
      given,
    ]),
  )
  const wrong = settings().flatMap(({ name, defaults }) => {
    // A preview's student has the settings of any decoder.
    const given = described.get(name.replace(/^preview\.student\./, 'student.'))
    if (given === undefined) return [`${name} is not described`]
    const missing = defaults.find(value => !given.includes(`\`${value}\``))
    return missing === undefined ? [] : [`${name} has the default ${missing}, not ${given}`]
  })
  expect(wrong).toEqual([])
  const known = new Set(leaves().map(({ name }) => name))
  const named = [...described.keys()].filter(name => /^[\w*.[\]]+$/.test(name) && name !== 'setting')
  expect(named.filter(name => !known.has(name))).toEqual([])
})

test('every setting of a rule is described', () => {
  const described = new Set(readTableRows('docs/rules.md').map(([name]) => name!.replaceAll('`', '')))
  const rule = leaves().flatMap(
    ({ name }) => /^generators\.\*\.columns\.\*\[\]\.(\w+)$/.exec(name)?.[1] ?? [],
  )
  expect(rule.length).toBeGreaterThan(8)
  expect(rule.filter(name => !['value', 'weight'].includes(name) && !described.has(name))).toEqual([])
})

interface Leaf {
  readonly name: string
  /** As text; several where they differ by kind. */
  readonly defaults: readonly string[]
}

/** Every place in the schema of the project file, `*` for a name that is given and `[]` for a list's entry. */
function leaves(): readonly Leaf[] {
  const found = new Map<string, Set<string>>()
  const walk = (node: Node, name: string): void => {
    const defaults = found.get(name) ?? new Set()
    const value = node.default
    if (value !== undefined) defaults.add(typeof value === 'string' ? value : JSON.stringify(value))
    found.set(name, defaults)
    for (const branch of node.anyOf ?? node.oneOf ?? []) walk(branch, name)
    for (const [part, child] of Object.entries(node.properties ?? {}))
      walk(child, name === '' ? part : `${name}.${part}`)
    if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${name}.*`)
    if (node.items !== undefined) walk(node.items, `${name}[]`)
  }
  walk(z.toJSONSchema(projectSchema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Node, '')
  return [...found].map(([name, defaults]) => ({ name, defaults: [...defaults] }))
}

interface Node {
  readonly default?: unknown
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
}

/** The settings that a table describes: not the groups they stand in, nor a grammar's inner parts, which docs/rules.md has. */
function settings(): readonly Leaf[] {
  const all = leaves().filter(
    ({ name }) => !name.includes('[]') && !/\.(?:columns|lists|where)\.\*/.test(name),
  )
  return all.filter(({ name }) => {
    const isGroup =
      all.some(other => other.name.startsWith(`${name}.`)) &&
      name !== 'target.*' &&
      name !== 'validate.contamination'
    return name !== '' && !isGroup && name !== 'target.*.*'
  })
}
