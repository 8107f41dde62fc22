import { createHash } from 'node:crypto'

/** JSON with sorted keys, so that equal data have equal text. `undefined` members are left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )
}

/** SHA-256 of text or bytes, as 64 hex digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * The first digits of `hashOf`, for names that a million rows have: cut out of the digest, since a piece of the text would
 * keep the whole of it in memory. `digits` is even.
 */
export function shortHashOf(value: unknown, digits: number): string {
  const digest = createHash('sha256').update(canonicalJson(value)).digest()
  return digest.toString('hex', 0, digits / 2)
}

/** SHA-256 of the canonical JSON of plain data. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value))
}
