import { expect, test } from 'vitest'
import { modelInFolder, type ModelFolder, modelNamed } from './base-model.ts'

/** The chat templates are those of the models' own pages, shortened to what they do with roles. */
const chatMl =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
const gemma =
  "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{{ '<start_of_turn>' + message['role'] + '\n' + message['content'] + '<end_of_turn>\n' }}{% endfor %}"

function folder(change: Partial<ModelFolder> = {}): ModelFolder {
  return {
    path: '/models/Qwen2.5-0.5B',
    config: { model_type: 'qwen2', max_position_embeddings: 32_768, pad_token_id: 0 },
    tokenizer: { eos_token: '<|endoftext|>', pad_token: '<|pad|>' },
    generation: { eos_token_id: [1, 2] },
    chatTemplate: chatMl,
    ...change,
  }
}

test('a template that ends turns with another token than the tokenizer does asks for that one', () => {
  expect(modelInFolder(folder())).toMatchObject({
    endOfTurn: '<|im_end|>',
    takesSystem: true,
    contextLength: 32_768,
    llamaFactoryTemplate: 'qwen',
    faults: [],
  })
  expect(modelInFolder(folder({ tokenizer: { eos_token: { content: '<|im_end|>' } } })).endOfTurn).toBeNull()
})

test('a template that raises for a system message is known to take none', () => {
  expect(modelInFolder(folder({ chatTemplate: gemma }))).toMatchObject({ takesSystem: false, faults: [] })
})

test.each([
  { change: { chatTemplate: null }, says: 'It has no chat template' },
  { change: { chatTemplate: '{% for %}' }, says: 'cannot be rendered' },
  {
    change: { chatTemplate: "{% for message in messages %}{{ message['content'] }} {% endfor %}" },
    says: 'no token after an answer',
  },
  {
    change: { tokenizer: { eos_token: '<|im_end|>', pad_token: '<|im_end|>' } },
    says: 'padding token <|im_end|> is the one that ends its answers',
  },
])('a model that cannot be tuned as it is: $says', ({ change, says }) => {
  expect(modelInFolder(folder(change)).faults.join(' ')).toContain(says)
})

test.each([
  { name: 'Qwen/Qwen2.5-0.5B', endOfTurn: '<|im_end|>', takesSystem: true, llamaFactoryTemplate: 'qwen' },
  { name: 'Qwen/Qwen2.5-0.5B-Instruct', endOfTurn: null, takesSystem: true, llamaFactoryTemplate: 'qwen' },
  {
    name: 'Qwen/Qwen3-4B-Base',
    endOfTurn: '<|im_end|>',
    takesSystem: true,
    llamaFactoryTemplate: 'qwen3_nothink',
  },
  { name: 'google/gemma-2-2b-it', endOfTurn: null, takesSystem: false, llamaFactoryTemplate: 'gemma' },
  { name: 'somebody/model', endOfTurn: null, takesSystem: null, llamaFactoryTemplate: null },
])('what the name $name tells', expected => {
  expect(modelNamed(expected.name)).toMatchObject(expected)
})

test('padding that ends sequences but not answers, as Qwen2.5 has it, is only a caution', () => {
  const padded = { eos_token: '<|endoftext|>', pad_token: '<|endoftext|>' }
  const model = modelInFolder(
    folder({ tokenizer: padded, generation: { eos_token_id: [1, 0], pad_token_id: 0 } }),
  )
  expect(model).toMatchObject({ endOfTurn: '<|im_end|>', faults: [] })
  expect(model.cautions.join()).toContain('among the tokens that end a sequence')
})
