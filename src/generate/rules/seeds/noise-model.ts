import type { SeedsOptions } from './options.ts'

/** How a text is cased: `plain` begins small though names in it are large. */
export const casings = ['sentence', 'plain', 'lower', 'upper'] as const
export const typingMistakes = ['replaced', 'left-out', 'added', 'exchanged'] as const

/** What a text does: a filler that goes before a request need not go before a question. */
export const moods = ['question', 'statement', 'request'] as const

export type Mood = (typeof moods)[number]
export type Casing = (typeof casings)[number]
export type TypingMistake = (typeof typingMistakes)[number]

/** How often real texts depart from clean writing; all rates are in [0, 1]. Plain data. */
export interface NoiseModel {
  /** Share of texts in each casing; together 1. */
  readonly casing: Readonly<Record<Casing, number>>
  /** Share of texts without a mark at their end. */
  readonly endDropped: number
  /** Share of contractions without their apostrophe. */
  readonly apostropheDropped: number
  /** Share of words of four letters or more with one typing mistake; and the share of each kind of it, together 1. */
  readonly typo: number
  readonly typos: Readonly<Record<TypingMistake, number>>
  /** Share of texts with a filler, and how often each was seen. */
  readonly before: number
  readonly after: number
  readonly fillers: Readonly<Record<'before' | 'after', Readonly<Record<string, number>>>>
  /** The moods of texts that each filler was seen before. */
  readonly moods: Readonly<Record<string, readonly Mood[]>>
  /** For each phrase that can be shortened, how often it is, and how often each way was seen. */
  readonly abbreviations: Readonly<
    Record<string, { readonly rate: number; readonly ways: Readonly<Record<string, number>> }>
  >
}

/** What is known of the language: options in place of the English defaults. */
export type NoiseOptions = Exclude<SeedsOptions['noise'], 'off'>
