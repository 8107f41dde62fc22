import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { peerPython } from './python.ts'

export interface TimedSteps {
  /** Wall time of each step. */
  readonly seconds: readonly number[]
  /** Processor time of each step, over all threads. */
  readonly processor: readonly number[]
  readonly torch: string
}

/** PyTorch in a process that stays, so that its steps can be timed in turn with ours. */
export interface TorchPeer {
  steps(work: 'decoder' | 'critic', threads: number, steps: number): Promise<TimedSteps>
  close(): void
}

export function openTorch(): TorchPeer | { readonly reason: string } {
  const environment = peerPython('requirements-torch.txt')
  if ('reason' in environment) return environment
  const child = spawn(environment.python, [join(import.meta.dirname, 'torch_steps.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async steps(work, threads, steps) {
      child.stdin.write(`${JSON.stringify({ work, threads, steps })}\n`)
      const line = await lines.next()
      if (line.done) throw new Error('torch_steps.py ended')
      return JSON.parse(line.value) as TimedSteps
    },
    close: () => child.stdin.end(),
  }
}
