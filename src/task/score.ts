import { chrf } from '../stats/chrf.ts'
import { rougeL } from '../stats/rouge.ts'
import { type FieldPair, fieldPairs } from './field-pairs.ts'
import { parseAnswer, type Answer } from './parse.ts'
import type { Task } from './task.ts'

type TextMetric = Extract<Task, { kind: 'text' }>['metric']

/**
 * The score of one answer against the true one, by the task's metric. In [0, 1], 1 the best, but for
 * `mean-absolute-error`, which is a distance in the number's own unit. Label tasks give 1 for the right label
 * (macro-F1 is a figure of a whole set, not of one item). No answer, or none that can be read, scores 0;
 * as a number it counts as 0.
 */
export function scoreItem(task: Task, gold: string, predicted: string | null): number {
  if (task.kind === 'fields') {
    const f1 = fieldF1(fieldPairs(gold) ?? [], predicted === null ? null : fieldPairs(predicted))
    return task.metric === 'field-f1' ? f1 : Number(f1 === 1)
  }
  const truth = parseAnswer(task, gold)
  const answer = predicted === null ? null : parseAnswer(task, predicted)
  if (task.metric === 'mean-absolute-error') return Math.abs(asNumber(truth) - asNumber(answer))
  if (truth === null || answer === null) return 0
  if (task.kind === 'label') return truth === answer ? 1 : 0
  return textScore(task.metric, gold, predicted!)
}

function textScore(metric: TextMetric, gold: string, predicted: string): number {
  switch (metric) {
    case 'chrf':
      return chrf(predicted, gold)
    case 'rouge-l':
      return rougeL(predicted, gold).f1
    case 'exact-match':
      return Number(plainText(gold) === plainText(predicted))
    case 'token-f1':
      return tokenF1(plainText(gold).split(' '), plainText(predicted).split(' '))
  }
}

function asNumber(answer: Answer | null): number {
  return typeof answer === 'number' ? answer : 0
}

/**
 * F1 over pairs of path and value, 2 · right / (given + wanted), each as often as both have it (slot F1 of MUC-6, 1995).
 * Two objects without any value are equal; an answer that is no object has nothing right.
 */
function fieldF1(truth: readonly FieldPair[], answer: readonly FieldPair[] | null): number {
  if (answer === null) return 0
  return sharedF1(
    truth.map(pair => JSON.stringify(pair)),
    answer.map(pair => JSON.stringify(pair)),
  )
}

/** F1 over the multiset of words, as SQuAD scores answers (Rajpurkar et al. 2016, evaluate-v1.1.py). */
function tokenF1(truth: readonly string[], answer: readonly string[]): number {
  return sharedF1(truth, answer)
}

/** 2 · shared / (given + wanted) of two multisets; two empty ones are equal. */
function sharedF1(truth: readonly string[], answer: readonly string[]): number {
  if (truth.length + answer.length === 0) return 1
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
