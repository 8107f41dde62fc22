import { expect, test } from 'vitest'
import type { Row } from '../data/row.ts'
import { maskPersonalData } from './mask-personal-data.ts'

function keptOf(row: Row, reason = 'personal-data'): Row {
  const origin = { kind: 'real', source: 'a', number: 1, use: 'train', share: 'anyone' } as const
  return maskPersonalData({ traced: { id: 'a:1', group: 'a:1', row, origin }, reason, detail: null }).traced
    .row
}

test('what was found is kept as its kind, the rest of the row as it was', () => {
  expect(keptOf({ note: 'Ask jane.doe@acme.org', size: 'small' })).toEqual({
    note: '[e-mail address]',
    size: 'small',
  })
})

test('where only the rendering holds personal data, no value is kept', () => {
  expect(keptOf({ area: '212', number: '555-0187', rain: 12 })).toEqual({
    area: '[withheld]',
    number: '[withheld]',
    rain: '[withheld]',
  })
})

test('rows rejected for other reasons are kept as made', () => {
  expect(keptOf({ note: 'jane.doe@acme.org' }, 'duplicate')).toEqual({ note: 'jane.doe@acme.org' })
})
