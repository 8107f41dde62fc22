import { join } from 'node:path'
import { peerPython } from './python.ts'
import { openStepper, type Stepper } from './stepper.ts'

/** A work of torch_steps.py in a process of its own, or why there is none. */
export function openTorch(
  work: string,
  threads: number,
  requirements: string,
): Stepper | { readonly reason: string } {
  const environment = peerPython(requirements)
  if ('reason' in environment) return environment
  return openStepper([environment.python, join(import.meta.dirname, 'torch_steps.py')], { work, threads })
}
