import { expect, test } from 'vitest'
import { checkArguments } from './arguments.ts'
import { commands } from './commands.ts'
import { formatHelp } from './help.ts'
import type { Terminal } from './terminal.ts'

const plain: Terminal = {
  interactive: false,
  width: 80,
  signal: new AbortController().signal,
  out: () => {},
  note: () => {},
  draw: () => {},
  style: (_, text) => text,
}

test.each(commands)('help of $name shows an example and fits 80 columns', async ({ name, load }) => {
  const help = formatHelp(await load(), plain)
  expect(help).toMatch(new RegExp(`^Examples?\\n {2}tilth ${name}\\b`, 'm'))
  expect(Math.max(...help.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
})

test.each(commands)('the examples of $name can be typed as they stand', async ({ name, load }) => {
  const command = await load()
  for (const example of command.examples) {
    const [, , ...raw] = example.match(/"[^"]*"|\S+/g)!
    expect(example).toContain(`tilth ${name}`)
    expect(() => checkArguments(command, raw)).not.toThrow()
  }
})

test.each(commands)('$name is listed with the summary of its own help', async ({ name, summary, load }) => {
  expect(await load()).toMatchObject({ name, summary })
})
