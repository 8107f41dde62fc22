import { chatFormat } from './checkpoint.ts'
import { assertKnownTypes, openGguf } from './gguf.ts'
import { ggufChatFiles } from './gguf-chat.ts'
import { architectureOf } from './gguf-config.ts'
import { GgufHeaderCut } from './gguf-header.ts'

/**
 * Looks at the beginning of a GGUF file that will have `size` bytes, as far as it is there: architecture, types of
 * tensors, tokenizer, chat template. Throws a UserError where it will be of no use; says nothing where its header is longer.
 */
export async function checkGgufHead(path: string, size: number): Promise<void> {
  try {
    const file = await openGguf(path, size)
    try {
      architectureOf(file)
      assertKnownTypes(file)
      chatFormat(ggufChatFiles(file), path)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!(error instanceof GgufHeaderCut)) throw error
  }
}
