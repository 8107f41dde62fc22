import { expect, test } from 'vitest'
import { html } from './html.ts'

test('what is put into markup is escaped, markup itself is not', () => {
  const name = `<script>alert("x")</script> & 'y'`
  const escaped = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;'
  expect(html`<b title="${name}">${name}</b>`.markup).toBe(`<b title="${escaped}">${escaped}</b>`)
  expect(html`<p>${html`<i>${'<'}</i>`}${[1, 'a<b', html`<i></i>`]}</p>`.markup).toBe(
    '<p><i>&lt;</i>1a&lt;b<i></i></p>',
  )
})

test('null and false put in nothing, zero is a figure', () => {
  expect(html`${null}${false}${0}${''}`.markup).toBe('0')
})
