#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`tilth needs Node 22.18 or newer; this is ${process.version}.\n`)
  process.exitCode = 1
} else {
  // Loaded only now: an older Node could not even link what follows, and would not say why.
  const { startCommandLine } = await import('./start.ts')
  await startCommandLine(process.argv.slice(2))
}
