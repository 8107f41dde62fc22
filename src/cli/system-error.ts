import { UserError } from '../error.ts'

/** What the system refuses for a reason that a person can put right, and what to do. */
const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['The disk is full', 'Make room and give the same command again: what was finished is kept.'],
  EDQUOT: [
    'Your share of the disk is full',
    'Make room and give the same command again: what was finished is kept.',
  ],
  EFBIG: [
    'A file may not grow so large here',
    'Raise the limit (ulimit -f) and give the same command again.',
  ],
  EROFS: ['This disk can only be read', 'Work on a copy of the folder that may be written to.'],
  EACCES: ['The right to do this is missing', 'Give yourself the right, or work on a copy of the folder.'],
  EPERM: ['The right to do this is missing', 'Give yourself the right, or work on a copy of the folder.'],
  ENOTDIR: ['A file stands where a folder should be', 'Move that file away.'],
  EISDIR: ['A folder stands where a file should be', 'Move that folder away.'],
  EEXIST: ['A file stands where a folder should be', 'Move that file away.'],
  EMFILE: ['Too many files are open', 'Raise the limit (ulimit -n) and give the same command again.'],
}

/** An error of the system as a mistake that a person can put right; undefined where it is of another kind. */
export function systemError(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, path } = error as NodeJS.ErrnoException
  // The database writes files of its own, and tells by words alone.
  const told = /no space left on device/i.test(error.message)
    ? 'ENOSPC'
    : /file too large/i.test(error.message)
      ? 'EFBIG'
      : code
  const [what, next] = (told === undefined ? undefined : reasons[told]) ?? []
  return what === undefined
    ? undefined
    : new UserError(path === undefined ? `${what}.` : `${what}: ${path}.`, next, { cause: error })
}
