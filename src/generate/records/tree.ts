import { pack, unpackBytes, unpackSigned } from './packed.ts'
import { createSplitSearch, findSplit, type Predictor, type Target } from './split.ts'

/**
 * A binary tree in preorder: the left child of a node is the next node.
 * A leaf has `predictor` -1 and its number in `right`; `sets[offset[node] + bin]` is 1 where a bin goes left.
 */
export interface Tree {
  readonly predictor: Int32Array
  readonly right: Int32Array
  readonly offset: Int32Array
  readonly sets: Uint8Array
}

export interface PackedTree {
  readonly predictor: string
  readonly right: string
  /** Bins of each predictor, and which of them go left: one bit a bin, node after node. */
  readonly bins: readonly number[]
  readonly sets: string
}

/** A tree and the rows it was grown on, put in the order of its nodes. */
export interface GrownTree {
  readonly tree: Tree
  readonly index: Uint32Array
  /** The rows of every leaf and of the nodes above it, as ranges of `index`, the leaf first. */
  readonly leaves: readonly (readonly Range[])[]
}

export interface Range {
  readonly start: number
  readonly end: number
}

const DEEPEST = 48

/** Grows a tree over the listed rows (CART, Breiman et al. 1984). */
export function growTree(rows: Uint32Array, predictors: readonly Predictor[], target: Target): GrownTree {
  const search = createSplitSearch(predictors, target)
  const leaf = predictors.reduce((least, predictor) => Math.min(least, predictor.leaf), Infinity)
  const index = rows.slice()
  const spare = new Uint32Array(rows.length)
  const nodes = {
    predictor: [] as number[],
    right: [] as number[],
    offset: [] as number[],
    sets: [] as number[],
  }
  const leaves: (readonly Range[])[] = []

  const grow = (start: number, end: number, above: readonly Range[]): void => {
    const node = nodes.predictor.length
    const ranges = [{ start, end }, ...above]
    const split =
      above.length < DEEPEST && end - start >= 2 * leaf ? findSplit(search, index, start, end) : undefined
    nodes.predictor.push(split?.predictor ?? -1)
    nodes.right.push(leaves.length)
    nodes.offset.push(nodes.sets.length)
    if (split === undefined) {
      leaves.push(ranges)
      return
    }
    for (const bit of split.left) nodes.sets.push(bit)
    const { codes } = predictors[split.predictor]!
    const middle = partition({ index, spare, start, end }, row => split.left[codes[row]!] === 1)
    grow(start, middle, ranges)
    nodes.right[node] = nodes.predictor.length
    grow(middle, end, ranges)
  }

  grow(0, rows.length, [])
  const tree = {
    predictor: Int32Array.from(nodes.predictor),
    right: Int32Array.from(nodes.right),
    offset: Int32Array.from(nodes.offset),
    sets: Uint8Array.from(nodes.sets),
  }
  return { tree, index, leaves }
}

/** The number of the leaf that a row falls into; `codes[predictor][row]` are its bins. */
export function leafOf(tree: Tree, codes: readonly Uint8Array[], row: number): number {
  const { predictor, right, offset, sets } = tree
  let node = 0
  for (let column = predictor[0]!; column >= 0; column = predictor[node]!) {
    const goesLeft = sets[offset[node]! + codes[column]![row]!] === 1
    node = goesLeft ? node + 1 : right[node]!
  }
  return right[node]!
}

export function packTree(tree: Tree, bins: readonly number[]): PackedTree {
  const bits = new Uint8Array(Math.ceil(tree.sets.length / 8))
  for (const [at, bit] of tree.sets.entries()) bits[at >> 3]! |= bit << (at & 7)
  return { predictor: pack(tree.predictor), right: pack(tree.right), bins, sets: pack(bits) }
}

export function unpackTree(packed: PackedTree): Tree {
  const predictor = unpackSigned(packed.predictor)
  const offset = new Int32Array(predictor.length)
  let length = 0
  for (const [node, column] of predictor.entries()) {
    offset[node] = length
    if (column >= 0) length += packed.bins[column]!
  }
  const bits = unpackBytes(packed.sets)
  const sets = Uint8Array.from({ length }, (_, at) => (bits[at >> 3]! >> (at & 7)) & 1)
  return { predictor, right: unpackSigned(packed.right), offset, sets }
}

/** Moves the rows that go left before the others, keeping the order of each; returns where the others start. */
function partition(
  { index, spare, start, end }: { index: Uint32Array; spare: Uint32Array; start: number; end: number },
  goesLeft: (row: number) => boolean,
): number {
  let middle = start
  let kept = 0
  for (let position = start; position < end; position++) {
    const row = index[position]!
    if (goesLeft(row)) index[middle++] = row
    else spare[kept++] = row
  }
  index.set(spare.subarray(0, kept), middle)
  return middle
}
