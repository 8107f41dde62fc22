import { z } from 'zod'

/** Options of the rules generator: a grammar. */
export const rulesOptions = z.strictObject({})

export type RulesOptions = z.output<typeof rulesOptions>
