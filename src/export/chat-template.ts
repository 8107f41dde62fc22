import { Template } from '@huggingface/jinja'

/** A conversation as a template lays it out, or why it refuses to: several do so for a system message. */
export type Rendered = { readonly text: string } | { readonly refused: string }

/** Lays a conversation out with a model's own chat template. `tokens` are its special tokens by their names. */
export function renderConversation(
  template: string,
  messages: readonly { readonly role: string; readonly content: string }[],
  tokens: Readonly<Record<string, string>>,
): Rendered {
  try {
    return { text: new Template(template).render({ messages, add_generation_prompt: false, ...tokens }) }
  } catch (error) {
    return { refused: (error as Error).message }
  }
}
