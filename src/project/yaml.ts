import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { UserError } from '../error.ts'
import type { Mistake, Path, Position } from './mistake.ts'

/** Reads a YAML project; `locate` tells where a path stands in the text. Throws UserError that lists all syntax mistakes. */
export function readYamlProject(
  text: string,
  file: string,
): { input: unknown; locate: (mistake: Mistake) => Position | undefined } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const list = document.errors.map(error => {
      const { line, col } = lines.linePos(error.pos[0])
      return `  line ${line}, column ${col}: ${error.message}`
    })
    throw new UserError(
      `${file} is not YAML that can be read:\n\n${list.join('\n')}`,
      'Indent with spaces, and put quotes around text with a colon or braces in it.',
    )
  }
  const locate = (mistake: Mistake): Position | undefined => {
    const offset = offsetOf(document, mistake.path, mistake.inName === true)
    if (offset === undefined) return undefined
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  return { input: plainOf(document, file), locate }
}

/** The value of a document. An alias may stand for so much that a small text fills the memory: the parser counts. */
function plainOf(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw new UserError(
      `${file} uses its aliases (*name) too often: ${error.message}.`,
      'Write the values out, or keep the project in tilth.config.ts.',
      { cause: error },
    )
  }
}

/** Where the value at a path begins, or its name; where the path ends early, the last name on it that is there. */
function offsetOf(document: Document, path: Path, inName: boolean): number | undefined {
  let node: unknown = document.contents
  let offset = startOf(node)
  for (const [depth, segment] of path.entries()) {
    if (isSeq(node)) {
      node = node.items[Number(segment)]
      offset = startOf(node) ?? offset
      continue
    }
    if (!isMap(node)) return offset
    const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(segment))
    if (pair === undefined) return offset
    const isLast = depth === path.length - 1
    node = pair.value
    offset = isLast && !inName && isScalar(node) ? (startOf(node) ?? offset) : (startOf(pair.key) ?? offset)
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
