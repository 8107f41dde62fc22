import { Template } from '@huggingface/jinja'

/**
 * A conversation as a model's own chat template lays it out; null where the template refuses it, as several do with a
 * system message. The functions are those that the transformers library gives a template.
 */
export function renderConversation(
  template: string,
  messages: readonly { readonly role: string; readonly content: string }[],
  tokens: Readonly<Record<string, string>>,
): string | null {
  try {
    return new Template(template).render({
      messages,
      add_generation_prompt: false,
      ...tokens,
      raise_exception(message: string) {
        throw new Error(message)
      },
      // A template that writes the day is only looked at for its tokens.
      strftime_now: () => '1 January 2026',
    })
  } catch {
    return null
  }
}
