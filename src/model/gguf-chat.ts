import { z } from 'zod'
import { UserError } from '../error.ts'
import type { ChatFiles } from './checkpoint.ts'
import type { GgufFile } from './gguf.ts'
import { metadataValue, neededValue } from './gguf-metadata.ts'
import { ggufTokenizer } from './gguf-tokenizer.ts'

/** The tokenizer, chat template and end tokens of a GGUF file. Throws a UserError where one is missing or not supported. */
export function ggufChatFiles(file: GgufFile): ChatFiles {
  const template = metadataValue(file, 'tokenizer.chat_template', z.string())
  if (template === undefined) {
    throw new UserError(`${file.path} has no chat template.`, 'Take a model that was made for chats.')
  }
  const tokens = neededValue(file, 'tokenizer.ggml.tokens', z.array(z.string()))
  const special = {
    bos_token: idOf(file, 'bos'),
    eos_token: idOf(file, 'eos'),
    pad_token: idOf(file, 'padding'),
    unk_token: idOf(file, 'unknown'),
  }
  const named = Object.entries(special).flatMap(([name, id]) => {
    const token = id === undefined ? undefined : tokens[id]
    return token === undefined ? [] : [[name, token]]
  })
  return {
    tokenizer: ggufTokenizer(file),
    tokenizerConfig: {
      ...Object.fromEntries(named),
      clean_up_tokenization_spaces: false,
      tokenizer_class: 'PreTrainedTokenizerFast',
    },
    template,
    endIds: [...new Set([special.eos_token, idOf(file, 'eot')].filter(id => id !== undefined))],
  }
}

function idOf(file: GgufFile, name: string): number | undefined {
  return metadataValue(file, `tokenizer.ggml.${name}_token_id`, z.int().min(0))
}
