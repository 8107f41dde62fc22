import { byteAutomaton, type ByteExpression } from './byte-automaton.ts'
import type { TextTokenizer } from './tokenizer.ts'

/** What an answer may be, token by token, the token that ends it included. */
export interface Constraint {
  /** A new answer, of which nothing is written. */
  begin(): ConstrainedAnswer
}

/** An answer as far as it is written. */
export interface ConstrainedAnswer {
  /** The ids that may come next; empty where the constraint cannot be met. */
  allowed(): readonly number[]
  accept(id: number): void
}

/** A vocabulary as a tree of bytes, to find the tokens that an automaton allows without trying each of them. */
export interface TokenTree {
  /** Tokens that end here. */
  readonly ids: number[]
  readonly children: Map<number, TokenTree>
}

/** States whose tokens are kept at hand; each may be as many as the vocabulary has. */
const MOST_KNOWN = 64

/** The tree of every token that stands for bytes. */
export function tokenTree(tokenizer: TextTokenizer): TokenTree {
  const root: TokenTree = { ids: [], children: new Map() }
  for (let id = 0; id < tokenizer.size; id++) {
    const text = tokenizer.bytesOf(id)
    if (text.length === 0) continue
    let node = root
    for (const byte of text) {
      let child = node.children.get(byte)
      if (child === undefined) node.children.set(byte, (child = { ids: [], children: new Map() }))
      node = child
    }
    node.ids.push(id)
  }
  return root
}

/** Texts of a regular language, in whatever tokens; then one of `endIds`. */
export function languageConstraint(
  language: ByteExpression,
  vocabulary: {
    readonly tokenizer: TextTokenizer
    readonly tree: TokenTree
    readonly endIds: readonly number[]
  },
): Constraint {
  const automaton = byteAutomaton(language)
  const known = new Map<number, readonly number[]>()
  const allowedIn = (state: number): readonly number[] => {
    const before = known.get(state)
    if (before !== undefined) return before
    const found: number[] = automaton.accepts(state) ? [...vocabulary.endIds] : []
    const walk = (node: TokenTree, inner: number): void => {
      for (const id of node.ids) found.push(id)
      for (const [byte, child] of node.children) {
        const next = automaton.step(inner, byte)
        if (next !== -1) walk(child, next)
      }
    }
    walk(vocabulary.tree, state)
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(state, found)
    return found
  }
  return {
    begin() {
      let state = 0
      return {
        allowed: () => (state === -1 ? [] : allowedIn(state)),
        accept(id) {
          for (const byte of vocabulary.tokenizer.bytesOf(id)) {
            if (state !== -1) state = automaton.step(state, byte)
          }
        },
      }
    },
  }
}

/** Answers of known tokens as a tree: where two begin alike, they share the way. */
export interface ChoiceTree {
  /** The number of the choice that ends here. */
  readonly choice: number | null
  readonly children: ReadonlyMap<number, ChoiceTree>
}

/** The tree of choices, each given as its tokens with the one that ends it. Throws a RangeError for equal choices. */
export function choiceTree(choices: readonly (readonly number[])[]): ChoiceTree {
  interface Node {
    choice: number | null
    readonly children: Map<number, Node>
  }
  const root: Node = { choice: null, children: new Map() }
  for (const [number, ids] of choices.entries()) {
    let node = root
    for (const id of ids) {
      let child = node.children.get(id)
      if (child === undefined) node.children.set(id, (child = { choice: null, children: new Map() }))
      node = child
    }
    if (node.choice !== null)
      throw new RangeError(`the choices ${node.choice} and ${number} have the same tokens`)
    node.choice = number
  }
  return root
}

/** One of the choices, token by token. */
export function choiceConstraint(tree: ChoiceTree): Constraint {
  return {
    begin() {
      let node: ChoiceTree | undefined = tree
      return {
        allowed: () => [...(node?.children.keys() ?? [])],
        accept: id => (node = node?.children.get(id)),
      }
    },
  }
}
