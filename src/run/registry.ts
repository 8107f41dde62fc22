import type { Generator } from '../generate/generator.ts'
import { recordsGenerator } from '../generate/records/records.ts'
import { rulesGenerator } from '../generate/rules/rules.ts'
import { seedsGenerator } from '../generate/rules/seeds/seeds.ts'

const generators = { rules: rulesGenerator, seeds: seedsGenerator, records: recordsGenerator }

/** The generator that a project names by `use`. Its options were checked with the project file. */
export function generatorNamed(use: keyof typeof generators): Generator<unknown, unknown> {
  return generators[use] as Generator<unknown, unknown>
}

/** Every generator that a project can name, for the advice. */
export function allGenerators(): readonly Generator<unknown, unknown>[] {
  return Object.values(generators) as unknown as readonly Generator<unknown, unknown>[]
}
