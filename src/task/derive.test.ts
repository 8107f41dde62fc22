import { expect, test } from 'vitest'
import { compileConstraints } from './constraint.ts'
import { deriveColumns } from './derive.ts'

test('derived columns are computed in the order in which they read one another', () => {
  const row = deriveColumns(
    { damage: 'Minor', speed: 100 },
    {
      summary: '{{ damaged }} at {{ fast }}',
      fast: 'speed is not none and speed > 90',
      damaged: "'no' if damage == 'None' else 'yes'",
    },
  )
  expect(row).toEqual({ damage: 'Minor', speed: 100, damaged: 'yes', fast: true, summary: 'yes at true' })
})

test('a derived column replaces what stands under its name, and empty text is missing', () => {
  expect(deriveColumns({ a: 1, b: 'old' }, { b: '{% if a > 1 %}more{% endif %}' })).toEqual({ a: 1, b: null })
})

test('columns derived from each other in a circle are an error that names it', () => {
  expect(() => deriveColumns({ x: 1 }, { a: 'b + x', b: 'c', c: 'a' })).toThrow('a → b → c → a')
})

test('constraints name the first condition that a row breaks', () => {
  const firstBroken = compileConstraints(['speed is none or speed <= 400', "size in ['Small', 'Large']"])
  expect(firstBroken({ speed: null, size: 'Small' })).toBeNull()
  expect(firstBroken({ speed: 900, size: 'Tiny' })).toBe('speed is none or speed <= 400')
  expect(firstBroken({ speed: 90, size: 'Tiny' })).toBe("size in ['Small', 'Large']")
})

test('a constraint that is no Jinja is an error when it is compiled', () => {
  expect(() => compileConstraints(['speed <='])).toThrow('"speed <=" cannot be read as Jinja')
})
