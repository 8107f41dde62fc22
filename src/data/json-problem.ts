/** Where text stops being JSON and why. Finds it by reading as RFC 8259 says; the data are not quoted. */
export interface JsonProblem {
  /** 1-based, in UTF-16 units. */
  readonly column: number
  readonly problem: string
}

/** The first fault of text that `JSON.parse` refuses, or undefined where there is none. */
export function jsonProblem(text: string): JsonProblem | undefined {
  try {
    const end = skipSpace(text, readValue(text, skipSpace(text, 0)))
    return end < text.length
      ? { column: end + 1, problem: 'there is text after the end of the value' }
      : undefined
  } catch (error) {
    if (error instanceof Fault) return { column: error.at + 1, problem: error.message }
    if (error instanceof RangeError) return { column: 1, problem: 'its values are nested too deeply' }
    throw error
  }
}

class Fault extends Error {
  readonly at: number

  constructor(at: number, problem: string) {
    super(problem)
    this.at = at
  }
}

function skipSpace(text: string, at: number): number {
  let next = at
  while (text[next] === ' ' || text[next] === '\t' || text[next] === '\n' || text[next] === '\r') next++
  return next
}

function readValue(text: string, at: number): number {
  const first = text[at]
  if (first === undefined)
    throw new Fault(at, 'the line ends in the middle of a value; the file may be cut off')
  if (first === '{') return readMembers(text, at, '}')
  if (first === '[') return readMembers(text, at, ']')
  if (first === '"') return readString(text, at)
  return readWord(text, at)
}

/** Reads an object or an array up to its closing bracket. */
function readMembers(text: string, start: number, close: '}' | ']'): number {
  let at = skipSpace(text, start + 1)
  if (text[at] === close) return at + 1
  for (;;) {
    if (close === '}') at = readName(text, at)
    at = skipSpace(text, readValue(text, at))
    if (text[at] === close) return at + 1
    if (text[at] === undefined)
      throw new Fault(at, `the line ends before "${close}"; the file may be cut off`)
    if (text[at] !== ',') throw new Fault(at, `"," or "${close}" is missing here`)
    at = skipSpace(text, at + 1)
    if (text[at] === close) throw new Fault(at, 'there is a comma before the closing bracket')
  }
}

function readName(text: string, at: number): number {
  if (text[at] === undefined)
    throw new Fault(at, 'the line ends in the middle of an object; the file may be cut off')
  if (text[at] !== '"') throw new Fault(at, 'a name in double quotes is missing here')
  const end = skipSpace(text, readString(text, at))
  if (text[end] !== ':') throw new Fault(end, '":" is missing here')
  return skipSpace(text, end + 1)
}

function readString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) return at + 1
    if (code < 32)
      throw new Fault(at, 'a tab or another control character in a string must be written as an escape')
    if (code === 92) {
      const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6))
      if (escape === null) throw new Fault(at, 'this backslash begins no escape that JSON knows')
      at += escape[0].length - 1
    }
  }
  throw new Fault(start, 'the string that begins here is not closed; the file may be cut off')
}

function readWord(text: string, at: number): number {
  const word = /^[^\s,:{}[\]"]+/.exec(text.slice(at, at + 400))?.[0] ?? text[at]!
  if (/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(word)) return at + word.length
  if (/^[+-]?(?:NaN|Infinity)$/.test(word)) throw new Fault(at, `${word} is not JSON: write null`)
  if (/^(?:True|False|None)$/.test(word)) throw new Fault(at, `${word} is Python, not JSON`)
  if (word.startsWith("'")) throw new Fault(at, 'JSON strings stand in double quotes, not single ones')
  throw new Fault(at, 'this is no JSON value')
}
