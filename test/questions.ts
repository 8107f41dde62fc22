/** What programs are asked whose answers are compared with those of tilth. */
export const questions = [
  'What is the capital of France?',
  'Name three colours of the rainbow.',
  'Write a sentence about the sea.',
  'How many days has a week?',
  'Translate "good morning" into Spanish.',
  'What do bees make?',
  'Explain what a lighthouse is for.',
  'Give me a short recipe for pancakes.',
  'Who wrote Romeo and Juliet?',
  'What is 7 plus 5?',
  'List four animals that live in the sea.',
  'Why is the sky blue?',
  'Describe a winter morning in two sentences.',
  "What's the opposite of hot?",
  'Write a polite e-mail that asks for a day off.',
  'In which year did the first man walk on the moon?',
]
