import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { tilth: new URL('src/index.ts', import.meta.url).pathname } },
  test: {
    projects: [
      { extends: true, test: { name: 'fast', include: ['src/**/*.test.ts', 'test/**/*.test.ts'], exclude: ['test/slow/**'] } },
      { extends: true, test: { name: 'slow', include: ['test/slow/**/*.test.ts'], testTimeout: 900_000 } },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
