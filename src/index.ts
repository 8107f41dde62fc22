export { defineProject } from './project.ts'
