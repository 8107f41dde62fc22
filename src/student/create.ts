import { linearStudent } from './linear.ts'
import type { Student } from './student.ts'

/** The student that a project names, with its options. */
export function createStudent(options: { readonly use: 'linear'; readonly C: number }): Student<unknown> {
  return linearStudent({ C: options.C })
}
