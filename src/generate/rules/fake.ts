import { faker } from '@faker-js/faker/locale/en'
import type { Random } from '../../data/random.ts'
import { didYouMean } from '../../did-you-mean.ts'

// Faker's dates are counted from "now" otherwise, and two runs would differ.
faker.setDefaultRefDate('2000-01-01T00:00:00.000Z')

/** What a Faker method such as `location.city` gives without arguments; a date as ISO day. Follows from `random` alone. */
export function fakeValue(method: string, random: Random): string {
  faker.seed(random.integer(0, 0x7fffffff))
  const value = methodOf(method)!()
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
}

/** Why a Faker method cannot fill a slot, or null. */
export function fakerMistake(method: string): string | null {
  const [name = '', verb = ''] = method.split('.')
  const modules = Object.keys(faker).filter(key => key !== 'fakerCore' && moduleOf(key) !== null)
  const module = moduleOf(name)
  if (module === null) return `Faker has no module "${name}".${didYouMean(name, modules)}`
  const call = methodOf(method)
  if (call === null) {
    const verbs = Object.keys(module).filter(key => key !== 'faker' && typeof module[key] === 'function')
    return `Faker's ${name} has no method "${verb}".${didYouMean(verb, verbs)}`
  }
  try {
    faker.seed(0)
    const value = call()
    if (value instanceof Date || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return null
    return `Faker's ${method} gives no single value`
  } catch {
    return `Faker's ${method} needs arguments`
  }
}

function moduleOf(name: string): Record<string, unknown> | null {
  if (!Object.hasOwn(faker, name) || name === 'fakerCore') return null
  const module = (faker as unknown as Record<string, unknown>)[name]
  return typeof module === 'object' && module !== null ? (module as Record<string, unknown>) : null
}

function methodOf(method: string): (() => unknown) | null {
  const [name = '', verb = ''] = method.split('.')
  const module = moduleOf(name)
  const call = module?.[verb]
  return typeof call === 'function' ? () => (call as (this: unknown) => unknown).call(module) : null
}
