import { renderConversation } from './chat-template.ts'

/** What is known of the model that is to be tuned. Null where that cannot be known from here. */
export interface BaseModel {
  /** A name on the Hugging Face hub or at a provider, or a folder. */
  readonly name: string
  /** The token that ends an answer, where it is not the tokenizer's own end of sequence. */
  readonly endOfTurn: string | null
  readonly takesSystem: boolean | null
  /** Longest sequence, in tokens. */
  readonly contextLength: number | null
  /** Name of its chat template in LLaMA-Factory. */
  readonly llamaFactoryTemplate: string | null
  /** What is wrong with it for training, in full sentences. */
  readonly faults: readonly string[]
  /** What to look at, in full sentences. */
  readonly cautions: readonly string[]
}

/** Members of a model folder's JSON files that matter here. */
export interface ModelFolder {
  readonly path: string
  readonly config: Readonly<Record<string, unknown>>
  readonly tokenizer: Readonly<Record<string, unknown>>
  readonly generation: Readonly<Record<string, unknown>>
  /** The text of its chat template; null where it has none. */
  readonly chatTemplate: string | null
}

/** LLaMA-Factory's names (`data/template.py`), by how names of models begin: the first that fits. */
const templates: readonly (readonly [RegExp, string])[] = [
  [/qwen-?3/i, 'qwen3_nothink'],
  [/qwen-?[12]/i, 'qwen'],
  [/llama-?3/i, 'llama3'],
  [/llama-?2/i, 'llama2'],
  [/gemma-?3/i, 'gemma3'],
  [/gemma/i, 'gemma'],
  [/phi-?4/i, 'phi4'],
  [/phi-?3/i, 'phi'],
  [/mistral/i, 'mistral'],
]

/** Models whose template is known to take a system message. */
const withSystemMessage = /qwen|llama-?3|^gpt-/i
/** Models whose template raises where there is a system message. */
const withoutSystem = /gemma-(?:1\.1-)?[27]b|gemma-2-|mistral-7b-instruct-v0\.[12]/i
/** Base models that come with the ChatML template of their instruct kin, and with another end of sequence. */
const chatMlBase = /qwen2\.5-(?!.*instruct)|qwen3-.*-base/i

/** What a name alone tells. */
export function modelNamed(name: string): BaseModel {
  return {
    name,
    endOfTurn: chatMlBase.test(name) ? '<|im_end|>' : null,
    takesSystem: withoutSystem.test(name) ? false : withSystemMessage.test(name) ? true : null,
    contextLength: null,
    llamaFactoryTemplate: templateFor(name),
    faults: [],
    cautions: [],
  }
}

/** What the files of a model folder tell: its template is tried with a conversation. */
export function modelInFolder(folder: ModelFolder): BaseModel {
  const { tokenizer, config, chatTemplate } = folder
  const kind = String(config['model_type'] ?? '')
  const contextLength = config['max_position_embeddings']
  const known = {
    name: folder.path,
    contextLength: typeof contextLength === 'number' ? contextLength : null,
    llamaFactoryTemplate: templateFor(folder.path.split(/[/\\]/).at(-1)!) ?? templateFor(kind),
  }
  if (chatTemplate === null) {
    const faults = ['It has no chat template, so no trainer knows how to lay a conversation out.']
    return { ...known, endOfTurn: null, takesSystem: null, faults, cautions: [] }
  }
  const tokens = { bos_token: textOf(tokenizer['bos_token']), eos_token: textOf(tokenizer['eos_token']) }
  const plain = renderConversation(chatTemplate, turns, tokens)
  if ('refused' in plain) {
    const faults = [`Its chat template cannot be rendered (${plain.refused}).`]
    return { ...known, endOfTurn: null, takesSystem: null, faults, cautions: [] }
  }
  const withSystem = renderConversation(chatTemplate, [{ role: 'system', content: system }, ...turns], tokens)
  const end = endAfter(plain.text)
  return {
    ...known,
    endOfTurn: end !== null && end !== tokens.eos_token ? end : null,
    takesSystem: 'text' in withSystem && withSystem.text.includes(system),
    faults: [
      ...(end === null
        ? [
            'Its chat template puts no token after an answer, so a model tuned with it would not know where to stop.',
          ]
        : []),
      // Masked as padding, the token would never be learned.
      ...(end !== null && textOf(tokenizer['pad_token']) === end
        ? [`Its padding token ${end} is the one that ends its answers.`]
        : []),
    ],
    cautions: padEnds(folder)
      ? [
          'Its padding token is among the tokens that end a sequence: look after training whether its answers still end.',
        ]
      : [],
  }
}

const system = 'Be brief.'
const answer = 'Good day.'
const turns = [
  { role: 'user', content: 'Hello' },
  { role: 'assistant', content: answer },
] as const

/** The special token right after the answer: `<|im_end|>`, `<end_of_turn>`, `</s>`. */
function endAfter(rendered: string): string | null {
  const after = rendered.slice(rendered.lastIndexOf(answer) + answer.length)
  return /^\s*(<[^<>\s]+>|\[[^[\]\s]+\])/.exec(after)?.[1] ?? null
}

/** Whether padding is among the tokens that end a sequence, by their numbers. */
function padEnds({ config, generation }: ModelFolder): boolean {
  const pad = generation['pad_token_id'] ?? config['pad_token_id']
  const ends = [generation['eos_token_id'] ?? config['eos_token_id']].flat()
  return typeof pad === 'number' && ends.includes(pad)
}

function templateFor(name: string): string | null {
  return templates.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** A token as text, or as the object that older tokenizers write. */
function textOf(token: unknown): string {
  if (typeof token === 'string') return token
  const content = (token as { content?: unknown } | null | undefined)?.content
  return typeof content === 'string' ? content : ''
}
