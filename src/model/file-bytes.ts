import type { FileHandle } from 'node:fs/promises'

/** These bytes of a file, in a buffer of their own, which is aligned for every type. Throws where the file ends before. */
export async function readBytes(
  handle: FileHandle,
  start: number,
  length: number,
): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.from(new ArrayBuffer(length))
  // The system gives at most 2 GB at once.
  for (let done = 0; done < length;) {
    const part = Math.min(length - done, 2 ** 30)
    const { bytesRead } = await handle.read(bytes, done, part, start + done)
    if (bytesRead === 0) throw new Error(`the file ended at byte ${start + done}`)
    done += bytesRead
  }
  return bytes
}
