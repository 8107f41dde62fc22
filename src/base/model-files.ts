const described =
  /^(?:config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|model\.safetensors\.index)\.json$|^chat_template\.jinja$|^README\.md$/

export const INDEX = 'model.safetensors.index.json'
export const SINGLE = 'model.safetensors'

/** Whether a file of a Hugging Face folder says something of the model: all that is kept of it but its weights. */
export function isDescription(name: string): boolean {
  return described.test(name)
}
