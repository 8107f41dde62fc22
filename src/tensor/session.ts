import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { type Port, type Program, updateName } from './compile.ts'
import { showShape, sizeOf } from './shape.ts'
import { UserError } from '../error.ts'

/** The memory of a tensor, row-major: Float32Array, Int32Array, or Uint8Array of 0 and 1 for booleans. */
export type Values = Float32Array | Int32Array | Uint8Array

export type NamedValues = Readonly<Record<string, Values>>

/** Where and how graphs run. */
export interface Execution {
  /** An execution provider of the installed ONNX Runtime. By default `cpu`. */
  readonly provider?: 'cpu' | 'cuda' | 'webgpu' | 'coreml' | 'dml'
  /** Threads of one operation. By default as many as ONNX Runtime finds cores. */
  readonly threads?: number
}

export interface SessionOptions {
  readonly programs: Readonly<Record<string, Program>>
  /**
   * Inputs that are kept between runs, by name: parameters, frozen weights, the optimiser's moments, a cache. They are
   * neither copied nor written to; leave them as they are while the session is open.
   */
  readonly state?: NamedValues
  readonly execution?: Execution
  /** When it aborts, the session closes, and whatever is under way is rejected with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Compiled graphs and the state that they share. Calls are carried out one after another. */
export interface Session {
  /** Runs a program on the state and these other inputs, keeps its updates in the state, and returns its outputs. */
  run(program: string, feeds?: NamedValues): Promise<NamedValues>
  /** Adds a program, such as one for another length. */
  load(name: string, program: Program): Promise<void>
  /** Copies of the state under these names, or of all. */
  read(names?: readonly string[]): Promise<NamedValues>
  /** Replaces or adds state. */
  write(state: NamedValues): Promise<void>
  close(): Promise<void>
}

/** A session in this thread, which it blocks while a graph runs. `openSession` runs one in a thread of its own. */
export async function openLocalSession(options: SessionOptions): Promise<Session> {
  const { programs, execution = {}, signal } = options
  const ort = await importRuntime()
  const loaded = new Map<string, { readonly program: Program; readonly graph: InferenceSession }>()
  const state = new Map<string, StateBuffer>()

  const session: Session = {
    async run(name, feeds = {}) {
      signal?.throwIfAborted()
      const entry = loaded.get(name)
      if (entry === undefined) throw new RangeError(`no program is called ${name}`)
      const { program, graph } = entry
      const { inputs, fetches } = bind(program, feeds)
      const results = await graph.run(inputs, fetches)
      for (const input of Object.keys(program.updates)) state.get(input)!.swap()
      return Object.fromEntries(
        Object.keys(program.outputs).map(output => [output, results[output]!.data as Values]),
      )
    },
    async load(name, program) {
      loaded.set(name, { program, graph: await openGraph(program.model, execution) })
    },
    async read(names = [...state.keys()]) {
      return Object.fromEntries(names.map(name => [name, stateOf(name).current.slice()]))
    },
    async write(values) {
      for (const [name, content] of Object.entries(values)) state.set(name, new StateBuffer(content))
    },
    async close() {
      for (const { graph } of loaded.values()) await graph.release()
      loaded.clear()
      state.clear()
    },
  }

  /** The tensors that a run reads, and those that it writes into. */
  function bind(program: Program, feeds: NamedValues) {
    const inputs: Record<string, OrtTensor> = {}
    for (const [input, port] of Object.entries(program.inputs))
      inputs[input] = tensorOf(input, port, feeds[input] ?? stateOf(input).current)
    for (const fed of Object.keys(feeds))
      if (program.inputs[fed] === undefined)
        throw new RangeError(`there is no input ${fed}; there are ${Object.keys(program.inputs).join(', ')}`)
    const fetches: Record<string, OrtTensor | null> = {}
    for (const output of Object.keys(program.outputs)) fetches[output] = null
    for (const [input, port] of Object.entries(program.updates))
      fetches[updateName(input)] = tensorOf(input, port, stateOf(input).other)
    return { inputs, fetches }
  }

  function stateOf(name: string): StateBuffer {
    const buffer = state.get(name)
    if (buffer === undefined) throw new RangeError(`input ${name} is neither fed nor part of the state`)
    return buffer
  }

  function tensorOf(name: string, { dtype, shape }: Port, values: Values): OrtTensor {
    if (!(values instanceof arrayTypes[dtype]) || values.length !== sizeOf(shape))
      throw new RangeError(
        `${name}: ${values.length} values in ${values.constructor.name} for ${dtype} ${showShape(shape)}`,
      )
    return new ort.Tensor(dtype as 'float32', values as Float32Array, shape)
  }

  await session.write(options.state ?? {})
  for (const [name, program] of Object.entries(programs)) await session.load(name, program)
  return session
}

const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }

/**
 * Two buffers in turn: a graph never reads and writes the same memory. The second is made when it is first needed, and
 * what was given from outside is only ever read, so that weights which no program updates are held once.
 */
class StateBuffer {
  current: Values
  #other: Values | undefined
  #isOwn = false

  constructor(values: Values) {
    this.current = values
  }

  get other(): Values {
    this.#other ??= this.current.slice()
    return this.#other
  }

  swap(): void {
    const before = this.#isOwn ? this.current : undefined
    this.current = this.other
    this.#other = before
    this.#isOwn = true
  }
}

/** An optional dependency: its own installation fails where it finds CUDA but not the network. */
export async function importRuntime(): Promise<typeof import('onnxruntime-node')> {
  try {
    return await import('onnxruntime-node')
  } catch (cause) {
    throw new UserError(
      'onnxruntime-node, which trains and runs decoders, cannot be loaded',
      'Install it with: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node',
      { cause },
    )
  }
}

/** Opens a graph of ONNX in this thread. `constants` are those that it expects in files of their names. */
export async function openGraph(
  model: Uint8Array,
  options: Execution & { readonly constants?: NamedValues },
): Promise<InferenceSession> {
  const { provider = 'cpu', threads, constants = {} } = options
  const ort = await importRuntime()
  const available = ort.listSupportedBackends().map(({ name }) => name)
  if (!available.includes(provider))
    throw new UserError(
      `this ONNX Runtime has no execution provider ${provider}; it has ${available.join(', ')}`,
      'Name one of those, or install a build of onnxruntime-node that has it.',
    )
  return ort.InferenceSession.create(model, {
    executionProviders: [provider],
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    externalData: Object.entries(constants).map(([path, { buffer, byteOffset, byteLength }]) => ({
      path,
      data: new Uint8Array(buffer, byteOffset, byteLength),
    })),
    executionMode: 'sequential',
    // The graph is simplified before; its passes took seconds for thousands of nodes, and no program became quicker.
    graphOptimizationLevel: 'disabled',
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: '1' } },
  })
}
