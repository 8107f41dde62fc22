/** One evaluation on a sealed test set; further ones are no longer first sight. */
export interface Look {
  /** 1 for the first. */
  readonly number: number
  /** Hash of all that the evaluation followed from. */
  readonly evaluationKey: string
}

/** Counts a look. The same evaluation, resumed or repeated, keeps its number. */
export function recordLook(
  looks: readonly Look[],
  evaluationKey: string,
): { readonly looks: readonly Look[]; readonly number: number } {
  const known = looks.find(look => look.evaluationKey === evaluationKey)
  if (known !== undefined) return { looks, number: known.number }
  const number = looks.reduce((last, look) => Math.max(last, look.number), 0) + 1
  return { looks: [...looks, { number, evaluationKey }], number }
}
