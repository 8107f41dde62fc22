/** The thread that runs a project module; see `loadModule`. */
import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '../error.ts'
import { importProject } from './module.ts'
import { packValue, type Packed } from './packed-value.ts'

/** What the thread says when it is done. */
export type ModuleAnswer =
  | { readonly packed: Packed; readonly moduleHashes: Record<string, string> }
  | { readonly message: string; readonly next: string | undefined }

const { file, folder } = workerData as { file: string; folder: string }

async function answer(): Promise<ModuleAnswer> {
  try {
    const { input, moduleHashes } = await importProject(file, folder)
    return { packed: packValue(input), moduleHashes }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { message: error.message, next: error.next }
  }
}

// Not awaited at the top: Node would print a warning of its own where the project never comes.
void answer().then(said => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(said)
})
