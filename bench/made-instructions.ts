import { createRandom, type Random } from '../src/data/random.ts'

const openings =
  'write,create,generate,describe,explain,list,give,suggest,compose,design,summarize,compare,identify,rewrite,translate,classify,find,calculate,propose,outline,edit,construct,name,predict,convert,analyze,evaluate,imagine,tell me,come up with,help me plan,think of,what is,how do i,can you draft,please prepare'.split(
    ',',
  )
const forms =
  'a short story about,a poem on,an e-mail concerning,three examples of,the main idea of,a summary of,a recipe with,the difference between,five tips for,a python function that handles,an argument against,a list of questions on,the history of,a slogan for,the advantages of,a plan for,an outline on,the causes of,a dialogue on,a letter about'.split(
    ',',
  )
const endings =
  'in one paragraph,in simple words,for a child of ten,with an example,using the words below,for a job interview,in the style of a newspaper,without jargon,in less than fifty words,as a table,with a humorous tone,for a small company,and give your reasons,in two sentences,for beginners,as bullet points,from memory,in a formal voice'.split(
    ',',
  )
const glue = 'the,a,of,and,in,to,for,with,on,at,by,from'.split(',')
const syllables =
  'ba,ce,di,fo,gu,ha,jo,ki,la,mo,ne,pa,qui,ro,sa,te,vi,wo,xe,yu,zan,ter,lin,mar,ton,ber,gal,son,cor,den'.split(
    ',',
  )

/**
 * Instructions of 5 to 60 words, half of them near 15, as those of self-instruct are: an opening and a form that many share,
 * a topic in words of a vocabulary of 30,000 whose frequencies fall as Zipf's law has it, and an ending. One in ten is
 * another one with a word or two changed.
 */
export function* makeInstructions(count: number, seed: number): Generator<string> {
  const random = createRandom(seed, 'instructions')
  const vocabulary = makeVocabulary(random.stream('vocabulary'))
  const recent: string[] = []
  for (let number = 0; number < count; number++) {
    const text =
      recent.length > 100 && random.next() < 0.1
        ? changed(random.pick(recent), vocabulary, random)
        : fresh(vocabulary, random)
    recent[number % 1000] = text
    yield text
  }
}

function fresh(vocabulary: readonly string[], random: Random): string {
  const parts = [random.pick(openings), random.pick(forms)]
  const topic = Math.min(45, 2 + Math.floor(-6 * Math.log(1 - random.next())))
  for (let word = 0; word < topic; word++) {
    if (word > 0 && random.next() < 0.3) parts.push(random.pick(glue))
    parts.push(zipfWord(vocabulary, random))
  }
  if (random.next() < 0.5) parts.push(random.pick(endings))
  return `${parts.join(' ')}${random.next() < 0.3 ? '?' : '.'}`
}

function changed(text: string, vocabulary: readonly string[], random: Random): string {
  const words = text.split(' ')
  for (let change = random.integer(1, 2); change > 0; change--) {
    words[random.integer(0, words.length - 1)] = zipfWord(vocabulary, random)
  }
  return words.join(' ')
}

/** The word of rank r comes up as often as 1 / r. */
function zipfWord(vocabulary: readonly string[], random: Random): string {
  return vocabulary[Math.floor(vocabulary.length ** random.next()) - 1]!
}

function makeVocabulary(random: Random): readonly string[] {
  const words = new Set<string>()
  while (words.size < 30_000) {
    words.add(Array.from({ length: random.integer(2, 4) }, () => random.pick(syllables)).join(''))
  }
  return [...words]
}
