import type { ProjectInput } from './schema.ts'

/** Identity, so that an editor knows the project file and a typo is a compile error. */
export function defineProject(project: ProjectInput): ProjectInput {
  return project
}
