/** A form in which a tuned model is given away. */
export interface ModelFormat {
  /** What `--to` takes. */
  readonly name: 'peft' | 'merged' | 'gguf'
  readonly title: string
  /** What the hub calls the library that reads it. */
  readonly library: string
  /** Package and version that reads the files in the tests. */
  readonly checkedAgainst: string
}

/** Every form, in the order in which help lists them. */
export const modelFormats: readonly ModelFormat[] = [
  { name: 'peft', title: 'a LoRA adapter', library: 'peft', checkedAgainst: 'peft 0.21.0' },
  { name: 'merged', title: 'a whole model', library: 'transformers', checkedAgainst: 'transformers 5.17.0' },
  { name: 'gguf', title: 'a GGUF file', library: 'gguf', checkedAgainst: 'node-llama-cpp 3.22.1' },
]
