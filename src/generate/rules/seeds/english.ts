/** What English-speaking people write in place of something else. Options take its place for other languages. */

export const abbreviations: Readonly<Record<string, readonly string[]>> = {
  tomorrow: ['tmrw', 'tmr'],
  tonight: ['tonite', '2nite'],
  today: ['2day'],
  please: ['pls', 'plz'],
  thanks: ['thx'],
  you: ['u'],
  your: ['ur'],
  because: ['cuz', 'bc'],
  'want to': ['wanna'],
  'going to': ['gonna'],
  'give me': ['gimme'],
  'let me': ['lemme'],
  minutes: ['mins'],
  hours: ['hrs'],
  with: ['w/'],
  without: ['w/o'],
  and: ['&'],
  television: ['tv'],
  information: ['info'],
  message: ['msg'],
  account: ['acct'],
  before: ['b4'],
  people: ['ppl'],
  favorite: ['fav', 'fave'],
  favourite: ['fav', 'fave'],
  okay: ['ok'],
  photograph: ['photo'],
  telephone: ['phone'],
  approximately: ['approx'],
  department: ['dept'],
  temperature: ['temp'],
}

export const fillers = {
  before: [
    'please',
    'hey',
    'hi',
    'hello',
    'ok',
    'okay',
    'so',
    'well',
    'um',
    'uh',
    'hmm',
    'now',
    'yo',
    'kindly',
  ],
  after: ['please', 'thanks', 'thank you', 'right now', 'ok'],
} as const

/** Words that begin a question. */
export const questionWords: ReadonlySet<string> = new Set(
  (
    'what whats when where which who whose why how is are am was were will would can could should shall may do does did ' +
    "has have isn't aren't what's who's where's how's"
  ).split(' '),
)

/** Words that a plain statement begins with. */
export const statementWords: ReadonlySet<string> = new Set(
  (
    'i we you he she it they this that these those there the a an my our your his her its their some all one ' +
    "i'm i'd i've i'll we're we'd we've it's that's there's"
  ).split(' '),
)

/** Contractions by what they are without the apostrophe; those that are words of their own (were, well, its) are left out. */
export const contractions: ReadonlySet<string> = new Set(
  (
    "don't doesn't didn't can't won't isn't aren't wasn't couldn't wouldn't shouldn't haven't hasn't what's where's who's how's " +
    "that's there's i'm i've you're you've they're let's it'll i'd you'll"
  ).split(' '),
)
