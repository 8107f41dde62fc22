import { expect, test } from 'vitest'
import { formatHubName, type HubSource, readBaseSource } from './source.ts'

test.each([
  ['hf:bird/tiny', { repository: 'bird/tiny', revision: null, file: null }],
  ['hf:bird/tiny@v1.0', { repository: 'bird/tiny', revision: 'v1.0', file: null }],
  ['hf:bird/tiny@refs/pr/1', { repository: 'bird/tiny', revision: 'refs/pr/1', file: null }],
  ['hf:bird/tiny/q8.gguf', { repository: 'bird/tiny', revision: null, file: 'q8.gguf' }],
  ['hf:bird/tiny/small/Q8.GGUF@main', { repository: 'bird/tiny', revision: 'main', file: 'small/Q8.GGUF' }],
])('%s is a model of the hub', (written, expected) => {
  const source = readBaseSource(written, '/home') as HubSource
  expect(source).toEqual({ kind: 'hub', ...expected })
  expect(formatHubName(source)).toBe(written)
})

test.each([
  ['models/tiny', { kind: 'path', path: '/home/models/tiny' }],
  ['./hf:bird', { kind: 'path', path: '/home/hf:bird' }],
  ['/tiny.gguf', { kind: 'path', path: '/tiny.gguf' }],
  ['model:tiny', { kind: 'added', name: 'tiny' }],
])('%s is no model of the hub', (written, expected) => {
  expect(readBaseSource(written, '/home')).toEqual(expected)
})

test.each([
  ['hf:tiny', 'no name of a model'],
  ['hf:', 'no name of a model'],
  ['hf:bird/../tiny', 'no name of a model'],
  ['hf:bird/tiny/../x.gguf', 'no name of a model'],
  ['hf:bird/tiny@../..', 'no name of a model'],
  ['hf:bird/tiny@', 'no name of a model'],
  ['hf:bird/tiny/model.safetensors', 'which is no GGUF file'],
  ['http://127.0.0.1/bird/tiny', 'is an address'],
])('%s is refused', (written, message) => {
  expect(() => readBaseSource(written, '/home')).toThrow(message)
})
