import { z } from 'zod'
import { oneOf } from '../did-you-mean.ts'
import { valueAt, type Path } from './mistake.ts'
import { projectSchema } from './schema.ts'

/** The part of JSON Schema that zod writes for the project. */
interface Node {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly format?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly prefixItems?: readonly Node[]
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
}

let cached: Node | undefined

function root(): Node {
  cached ??= z.toJSONSchema(projectSchema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Node
  return cached
}

/** What would be right at a path of the project, in words: `"train", "fit" or "test"`, `a whole number from 0`. */
export function expectedAt(input: unknown, path: Path): string {
  return oneOf([...new Set(nodesAt(input, path).flatMap(describeNode))])
}

/** Names of the settings that a group of settings at a path may have; empty where names are free. */
export function settingsAt(input: unknown, path: Path): readonly string[] {
  return [...new Set(nodesAt(input, path).flatMap(node => Object.keys(node.properties ?? {})))]
}

/** The words allowed at a path, where only some are. */
export function wordsAt(input: unknown, path: Path): readonly string[] {
  return nodesAt(input, path)
    .flatMap(node => node.enum ?? [node.const])
    .filter(word => typeof word === 'string')
}

/** The schema nodes at a path: several where a union leaves it open what was meant. */
function nodesAt(input: unknown, path: Path): readonly Node[] {
  let nodes = alternatives(root(), input)
  for (const [depth, segment] of path.entries()) {
    const value = valueAt(input, path.slice(0, depth + 1))
    nodes = nodes.flatMap(node => {
      const child = childOf(node, segment)
      return child === undefined ? [] : alternatives(child, value)
    })
  }
  return nodes
}

function childOf(node: Node, segment: string | number): Node | undefined {
  if (typeof segment === 'number') return node.prefixItems?.[segment] ?? node.items
  const named = node.properties?.[segment]
  if (named !== undefined) return named
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
}

/** The branches of a union that the value may have meant: those whose constants (`kind`, `use`) agree with it. */
function alternatives(node: Node, value: unknown): readonly Node[] {
  const branches = node.anyOf ?? node.oneOf
  if (branches === undefined) return [node]
  const flat = branches.flatMap(branch => alternatives(branch, value))
  const meant = flat.filter(branch =>
    Object.entries(branch.properties ?? {}).every(
      ([name, property]) => property.const === undefined || property.const === valueAt(value, [name]),
    ),
  )
  return meant.length > 0 ? meant : flat
}

function describeNode(node: Node): readonly string[] {
  if (node.description !== undefined) return [node.description]
  if (node.const !== undefined) return [JSON.stringify(node.const)]
  if (node.enum !== undefined) return node.enum.map(value => JSON.stringify(value))
  if (typeof node.type === 'object') return node.type.map(type => typeWords[type] ?? type)
  if (node.format === 'date') return ['a day such as "2026-01-31"']
  if (node.type === 'string') return [`text${lengthWords(node)}`]
  if (node.type === 'number' || node.type === 'integer') return [numberWords(node)]
  if (node.type === 'array') return [listWords(node)]
  if (node.type === 'object') return [groupWords(node)]
  return node.type === undefined ? [] : [typeWords[node.type] ?? node.type]
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
}

function lengthWords(node: Node): string {
  if ((node.minLength ?? 0) > 1) return ` of at least ${node.minLength} characters`
  return node.maxLength === undefined ? '' : ` of at most ${node.maxLength} characters`
}

function numberWords(node: Node): string {
  const bounds: string[] = []
  if (node.minimum !== undefined && node.minimum > Number.MIN_SAFE_INTEGER)
    bounds.push(`from ${node.minimum}`)
  if (node.exclusiveMinimum !== undefined) bounds.push(`above ${node.exclusiveMinimum}`)
  if (node.maximum !== undefined && node.maximum < Number.MAX_SAFE_INTEGER) bounds.push(`to ${node.maximum}`)
  if (node.exclusiveMaximum !== undefined) bounds.push(`below ${node.exclusiveMaximum}`)
  return [node.type === 'integer' ? 'a whole number' : 'a number', ...bounds].join(' ')
}

function listWords(node: Node): string {
  const atLeast = (node.minItems ?? 0) > 0 ? ` of at least ${node.minItems}` : ''
  const items =
    node.items === undefined
      ? ''
      : oneOf([...new Set(alternatives(node.items, undefined).flatMap(describeNode))])
  return `a list${atLeast}${items === '' ? '' : `: ${items} each`}`
}

function groupWords(node: Node): string {
  const names = Object.keys(node.properties ?? {})
  if (names.length === 0) return 'names with their values'
  const shown = (node.required ?? []).length > 0 ? node.required! : names
  const list = shown.slice(0, 6).map(name => `\`${name}\``)
  return `settings with ${[...list, ...(shown.length > 6 ? ['...'] : [])].join(', ')}`
}
