import { Environment, Interpreter, Template } from '@huggingface/jinja'
import type { Message } from '../data/example.ts'
import { UserError } from '../error.ts'
import { withTimeLimit } from './time-limit.ts'
import type { SpecialTokens } from './tokenizer.ts'

/** A template that takes longer than this for one conversation does not come to an end. */
const RENDER_LIMIT = 2000

/** Messages to the text that a model reads. The template owns the special tokens: none is added after it. */
export interface ChatTemplate {
  readonly source: string
  /** `forAnswer` appends what opens an assistant's turn. Throws a UserError where the template refuses the messages. */
  render(messages: readonly Message[], options: { readonly forAnswer: boolean }): string
}

/**
 * The template of students made from scratch: each turn is its role's token, the text, and the end's token. Nothing
 * stands between a token and the text, so that a prompt is always a token prefix of the whole.
 */
export const PLAIN_TEMPLATE =
  '{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}' +
  '{% if add_generation_prompt %}<|assistant|>{% endif %}'

/** Compiles a chat template. `place` names it in messages. Throws a UserError where it is no Jinja. */
export function compileChatTemplate(source: string, special: SpecialTokens, place: string): ChatTemplate {
  const { parsed } = compile(source, place)
  return {
    source,
    render(messages, { forAnswer }) {
      const environment = environmentOf({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: forAnswer,
        bos_token: special.begin ?? '',
        eos_token: special.end ?? '',
        pad_token: special.pad ?? '',
      })
      try {
        return withTimeLimit(
          RENDER_LIMIT,
          () => new Interpreter(environment).run(parsed).value as string,
          () => new Error(`it did not come to an end within ${RENDER_LIMIT / 1000} s`),
        )
      } catch (error) {
        throw new UserError(
          `The chat template of ${place} refuses the messages ${messages.map(({ role }) => role).join(', ')}: ${reasonOf(error)}`,
          undefined,
          { cause: error },
        )
      }
    },
  }
}

function compile(source: string, place: string): Template {
  try {
    return new Template(source)
  } catch (error) {
    throw new UserError(
      `The chat template of ${place} cannot be read as Jinja: ${reasonOf(error)}`,
      undefined,
      {
        cause: error,
      },
    )
  }
}

/** What transformers defines for a template, but for `strftime_now`: the same messages must give the same text. */
function environmentOf(values: Readonly<Record<string, unknown>>): Environment {
  const environment = new Environment()
  for (const [name, value] of Object.entries({ ...constants, ...values })) environment.set(name, value)
  return environment
}

const MOST_IN_RANGE = 100_000

const constants = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception(reason: string): never {
    throw new Error(reason)
  },
  range(start: number, stop?: number, step = 1): number[] {
    const [first, end] = stop === undefined ? [0, start] : [start, stop]
    const length = Math.max(0, Math.ceil((end - first) / step))
    // As Jinja's own sandbox has it: https://jinja.palletsprojects.com/en/stable/sandbox/
    if (!(length <= MOST_IN_RANGE))
      throw new Error(`a range of ${length} numbers, and ${MOST_IN_RANGE} are the most`)
    return Array.from({ length }, (_, index) => first + index * step)
  },
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
