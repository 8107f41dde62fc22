import { compile, type Program } from '../tensor/compile.ts'
import { gather } from '../tensor/ops/gather.ts'
import { reshape } from '../tensor/ops/layout.ts'
import { input } from '../tensor/ops/leaf.ts'
import { innerProduct } from '../tensor/ops/matmul.ts'
import type { NamedValues } from '../tensor/session.ts'
import { openSession } from '../tensor/worker-session.ts'
import type { ChoiceTree } from './constraint.ts'
import { batchInputs, batchValues, causalMask, HIDDEN } from './decoder-batch.ts'
import type { DecoderConfig } from './decoder-config.ts'
import type { Weights } from './decoder-weights.ts'
import { decode, headOf, plainParts } from './decoder.ts'

/** A decoder that tells how likely each of several known answers is. */
export interface ChoiceScorer {
  /** For each prompt the probability of each choice, in the order of their numbers; they add up to 1. */
  score(
    prompts: readonly (readonly number[])[],
    onScored?: (count: number) => void,
  ): Promise<readonly (readonly number[])[]>
  close(): Promise<void>
}

/** A place of the tree where answers part, or that leads to one. */
interface TreeNode {
  readonly id: number
  /** Its index among the nodes; -1 for the prompt's end. */
  readonly parent: number
  /** Tokens from the prompt's end, from 1 on. */
  readonly depth: number
}

/** One of several tokens that may follow a node. */
interface TreeEdge {
  /** Index of the node; -1 for the prompt's end. */
  readonly from: number
  readonly id: number
}

interface FlatTree {
  readonly nodes: readonly TreeNode[]
  readonly edges: readonly TreeEdge[]
  /** For each choice, the edges that lead to it. Where there is no fork, the way is certain. */
  readonly ways: readonly (readonly number[])[]
}

/**
 * Opens a scorer of the choices of a tree. The tree's forks stand behind each prompt as further tokens, which see the
 * prompt and the way to them and nothing else, so that one pass scores all choices. A choice's probability is the
 * product over its forks of that of its token among those that the fork allows: that of constrained decoding.
 */
export async function openChoiceScorer(options: {
  readonly config: DecoderConfig
  readonly weights: Weights
  readonly padId: number
  readonly tree: ChoiceTree
  /** Prompts that are scored at once. */
  readonly rows: number
  /** Of one operation; by default as many as there are cores. */
  readonly threads?: number
  readonly signal?: AbortSignal
}): Promise<ChoiceScorer> {
  const { config, weights, padId, rows, threads, signal } = options
  const tree = flatten(options.tree)
  const session = await openSession({
    programs: {},
    state: weights,
    ...(threads !== undefined && { execution: { threads } }),
    ...(signal && { signal }),
  })
  const loaded = new Set<number>()
  return {
    async score(prompts, onScored) {
      const order = prompts
        .map((_, index) => index)
        .sort((a, b) => prompts[a]!.length - prompts[b]!.length || a - b)
      const scores = Array.from(prompts, (): readonly number[] => [])
      for (let done = 0; done < order.length; done += rows) {
        const own = order.slice(done, done + rows)
        const longest = Math.max(...own.map(index => prompts[index]!.length))
        if (longest === 0 || longest > config.context) {
          throw new RangeError(`a prompt of ${longest} tokens, and the context has ${config.context}`)
        }
        const time = Math.ceil(longest / 32) * 32
        if (!loaded.has(time)) await session.load(String(time), scoringProgram(config, tree, { rows, time }))
        loaded.add(time)
        const batch = { rows, time, padId, prompts: own.map(index => prompts[index]!) }
        const logits = (await session.run(String(time), scoringFeeds(config, tree, batch)))[
          'logits'
        ] as Float32Array
        const edges = tree.edges.length
        for (const [row, index] of own.entries()) {
          scores[index] = probabilities(tree, logits.subarray(row * edges, (row + 1) * edges))
        }
        onScored?.(Math.min(done + rows, order.length))
      }
      return scores
    },
    close: () => session.close(),
  }
}

function flatten(tree: ChoiceTree): FlatTree {
  const nodes: TreeNode[] = []
  const edges: TreeEdge[] = []
  const ways: (readonly number[])[] = []
  const visit = (node: ChoiceTree, at: number, depth: number, way: readonly number[]): void => {
    if (node.choice !== null) ways[node.choice] = way
    for (const [id, child] of node.children) {
      const next = node.children.size > 1 ? [...way, edges.push({ from: at, id }) - 1] : way
      // Where no fork follows, the token itself is not read.
      const index = hasFork(child) ? nodes.push({ id, parent: at, depth }) - 1 : at
      visit(child, index, depth + 1, next)
    }
  }
  visit(tree, -1, 1, [])
  return { nodes, edges, ways }
}

function hasFork(tree: ChoiceTree): boolean {
  return tree.children.size > 1 || [...tree.children.values()].some(hasFork)
}

interface ScoringSizes {
  readonly rows: number
  /** Places for the prompt; those of the nodes come behind. */
  readonly time: number
}

function scoringProgram(
  config: DecoderConfig,
  { nodes, edges }: FlatTree,
  { rows, time }: ScoringSizes,
): Program {
  const parts = plainParts(config)
  const all = time + nodes.length
  const states = decode(config, parts, batchInputs(config, { rows, time: all, ownPositions: true }))
  const count = rows * Math.max(1, edges.length)
  const from = gather(reshape(states, [rows * all, config.width]), input('from', [count], 'int32'))
  const to = gather(headOf(config, parts), input('to', [count], 'int32'))
  return compile({ outputs: { logits: innerProduct(from, to) } })
}

function scoringFeeds(
  config: DecoderConfig,
  { nodes, edges }: FlatTree,
  batch: ScoringSizes & { readonly padId: number; readonly prompts: readonly (readonly number[])[] },
): NamedValues {
  const { rows, time, padId, prompts } = batch
  const all = time + nodes.length
  const tokens = new Int32Array(rows * all).fill(padId)
  const positions = new Int32Array(rows * all)
  const examples = new Int32Array(rows * all)
  for (const [row, prompt] of prompts.entries()) {
    tokens.set(prompt, row * all)
    examples.fill(1, row * all, row * all + prompt.length)
    for (let place = 0; place < time; place++) positions[row * all + place] = place
    for (const [index, { id, depth }] of nodes.entries()) {
      tokens[row * all + time + index] = id
      positions[row * all + time + index] = prompt.length + depth - 1
    }
  }
  const mask = causalMask(examples, { rows, time: all })
  const shown = nodes.map(({ parent }, index) => ancestors(nodes, parent).concat(index))
  for (const [row, prompt] of prompts.entries()) {
    for (const [index, seen] of shown.entries()) {
      const start = (row * all + time + index) * all
      mask.fill(HIDDEN, start, start + all).fill(0, start, start + prompt.length)
      for (const other of seen) mask[start + time + other] = 0
    }
  }
  const places = Array.from({ length: rows }, (_, row) => {
    const end = Math.max(0, (prompts[row]?.length ?? 1) - 1)
    const own = edges.length === 0 ? [-1] : edges.map(({ from }) => from)
    return own.map(from => row * all + (from === -1 ? end : time + from))
  })
  const ids = edges.length === 0 ? [0] : edges.map(({ id }) => id)
  return {
    ...batchValues(config, { tokens, positions, mask, length: all }),
    from: Int32Array.from(places.flat()),
    to: Int32Array.from(places.flatMap(() => ids)),
  }
}

function ancestors(nodes: readonly TreeNode[], node: number): readonly number[] {
  return node === -1 ? [] : [...ancestors(nodes, nodes[node]!.parent), node]
}

/** The softmax of each fork's logits, multiplied along each choice's way. Edges of one fork start at one node. */
function probabilities({ edges, ways }: FlatTree, logits: Float32Array): readonly number[] {
  const highest = new Map<number, number>()
  for (const [index, { from }] of edges.entries()) {
    highest.set(from, Math.max(highest.get(from) ?? -Infinity, logits[index]!))
  }
  const weights = edges.map(({ from }, index) => Math.exp(logits[index]! - highest.get(from)!))
  const totals = new Map<number, number>()
  for (const [index, { from }] of edges.entries()) totals.set(from, (totals.get(from) ?? 0) + weights[index]!)
  return ways.map(way =>
    way.reduce((product, edge) => (product * weights[edge]!) / totals.get(edges[edge]!.from)!, 1),
  )
}
