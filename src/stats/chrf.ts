const orders = 6
const beta = 2

/**
 * chrF of a candidate against one reference, in [0, 1]: F of precision and recall over runs of 1 to 6 characters, each the
 * mean over the lengths that both texts have, recall counting twice (Popović 2015, beta = 2). White space is left out
 * and characters are code points, as in sacreBLEU 2.6.0, whose sentence scores these are. A text without characters has 0.
 */
export function chrf(candidate: string, reference: string): number {
  const said = [...candidate.replaceAll(/\s+/gu, '')]
  const expected = [...reference.replaceAll(/\s+/gu, '')]
  const lengths = Math.min(orders, said.length, expected.length)
  if (lengths === 0) return 0
  let precision = 0
  let recall = 0
  for (let length = 1; length <= lengths; length++) {
    const shared = sharedRuns(said, expected, length)
    precision += shared / (said.length - length + 1) / lengths
    recall += shared / (expected.length - length + 1) / lengths
  }
  if (precision + recall === 0) return 0
  return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall)
}

/** How many runs of so many characters two texts share, each as often as both have it. */
function sharedRuns(said: readonly string[], expected: readonly string[], length: number): number {
  const left = new Map<string, number>()
  for (const run of runsOf(expected, length)) left.set(run, (left.get(run) ?? 0) + 1)
  let shared = 0
  for (const run of runsOf(said, length)) {
    const count = left.get(run) ?? 0
    if (count === 0) continue
    left.set(run, count - 1)
    shared++
  }
  return shared
}

function* runsOf(characters: readonly string[], length: number): Generator<string> {
  for (let start = 0; start + length <= characters.length; start++)
    yield characters.slice(start, start + length).join('')
}
