// Builds dist/: plain ESM JavaScript with types, and the report's JSON Schema beside it.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
if (status !== 0) process.exit(status ?? 1)
copyFileSync('src/report/report.schema.json', 'dist/report/report.schema.json')
chmodSync('dist/cli/main.js', 0o755)
