/** What a validator says of an example: never an exception. `reason` is a stable kebab-case word, `detail` is for people. */
export type Verdict =
  | { readonly pass: true; readonly score?: number }
  | { readonly pass: false; readonly reason: string; readonly detail?: string; readonly score?: number }

export const passed: Verdict = { pass: true }

export function rejected(reason: string, detail?: string): Verdict {
  return detail === undefined ? { pass: false, reason } : { pass: false, reason, detail }
}
