import type { Value } from '../data/row.ts'
import { parseAnswer, type Answer } from './parse.ts'
import type { Task } from './task.ts'

/**
 * The score of one answer against the true one, by the task's metric. In [0, 1], 1 the best, but for
 * `mean-absolute-error`, which is a distance in the number's own unit. Label tasks give 1 for the right label
 * (macro-F1 is a figure of a whole set, not of one item). No answer, or none that can be read, scores 0;
 * as a number it counts as 0.
 */
export function scoreItem(task: Task, gold: string, predicted: string | null): number {
  const truth = parseAnswer(task, gold)
  const answer = predicted === null ? null : parseAnswer(task, predicted)
  if (task.metric === 'mean-absolute-error') return Math.abs(asNumber(truth) - asNumber(answer))
  if (truth === null || answer === null) return 0
  if (task.kind === 'label') return truth === answer ? 1 : 0
  if (task.kind === 'fields') {
    const f1 = fieldF1(truth as Record<string, Value>, answer as Record<string, Value>)
    return task.metric === 'field-f1' ? f1 : Number(f1 === 1)
  }
  return task.metric === 'exact-match'
    ? Number(plainText(gold) === plainText(predicted!))
    : tokenF1(plainText(gold).split(' '), plainText(predicted!).split(' '))
}

function asNumber(answer: Answer | null): number {
  return typeof answer === 'number' ? answer : 0
}

/**
 * F1 over (field, value) pairs, 2 · right / (given + wanted), missing values left out (slot F1 of MUC-6, 1995).
 * Two values are equal but for case and blanks; two objects without any value are equal.
 */
function fieldF1(truth: Readonly<Record<string, Value>>, answer: Readonly<Record<string, Value>>): number {
  const wanted = Object.entries(truth).filter(([, value]) => value !== null)
  const given = Object.entries(answer).filter(([, value]) => value !== null)
  if (wanted.length + given.length === 0) return 1
  const right = given.filter(([field, value]) => {
    const true_ = Object.hasOwn(truth, field) ? truth[field]! : null
    return true_ !== null && plainValue(true_) === plainValue(value)
  })
  return (2 * right.length) / (wanted.length + given.length)
}

function plainValue(value: Value): string {
  return String(value).trim().toLowerCase().replaceAll(/\s+/gu, ' ')
}

/** F1 over the multiset of words, as SQuAD scores answers (Rajpurkar et al. 2016, evaluate-v1.1.py). */
function tokenF1(truth: readonly string[], answer: readonly string[]): number {
  const left = new Map<string, number>()
  for (const token of truth) left.set(token, (left.get(token) ?? 0) + 1)
  let shared = 0
  for (const token of answer) {
    const count = left.get(token) ?? 0
    if (count === 0) continue
    left.set(token, count - 1)
    shared++
  }
  return (2 * shared) / (truth.length + answer.length)
}

/** SQuAD's normal form: lower case, no punctuation, no English articles, single blanks. */
function plainText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\p{P}\p{S}]/gu, '')
    .replaceAll(/\b(?:a|an|the)\b/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
}
