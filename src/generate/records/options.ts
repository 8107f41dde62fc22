import { z } from 'zod'

/** Options of the records synthesizer. */
export const recordsOptions = z.strictObject({
  /** `cart`: sequential classification and regression trees; `independent`: each column on its own, the floor. */
  method: z.enum(['cart', 'independent']).default('cart'),
  /** Fewest rows in a leaf. Small leaves are faithful and copy more; left out, it follows from the number of rows. */
  leaf: z.int().min(1).optional(),
  /** Spread drawn numbers between the neighbouring values of a leaf instead of repeating them. */
  smoothing: z.boolean().default(true),
  /**
   * Categories seen in fewer rows, and the numbers beyond as many smallest and largest ones, are never written out
   * unless the cell asks for them; 1 keeps all.
   */
  rare: z.int().min(1).default(5),
  /** Columns learned before all others: cells that fix them are met exactly and at no cost. */
  first: z.array(z.string()).default([]),
})

export type RecordsOptions = z.output<typeof recordsOptions>
