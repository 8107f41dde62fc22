// The story: an airline's safety desk may share 60 reports of wildlife strikes. 1,500 more may fit a synthesizer but never
// leave the machine. The later ones are the sealed test. Damage is rare, and that is the gap. See README.md.
import { defineProject } from 'tilth'
import { blankForm } from './blank-form.ts'

const strikes = { path: 'strikes.csv', drop: ['id', 'desk', 'cost_other', 'cost_repair', 'cost_total'] }

// Ways to tell a report without a word on damage or cost. Those of the first list are learned from; those of the second
// are met by the sealed test alone.
const place = '{{ airport }} ({{ state }})'
const speed = (before: string, after: string, without = ''): string =>
  `{% if speed is none %}${without}{% else %}${before}{{ speed }}${after}{% endif %}`
const reports = [
  `On {{ date }} ({{ time_of_day }}) the {{ operator }} {{ aircraft }} hit wildlife at ${place}. Phase: {{ phase }}. Species: {{ species }}. Size: {{ size }}.${speed(' Speed: ', ' knots.')}`,
  `${place}, {{ date }}, {{ time_of_day }}: {{ operator }} {{ aircraft }} struck {{ species }}, size {{ size }}, during {{ phase }}${speed(' at ', ' knots')}.`,
  `Wildlife strike. Aircraft {{ aircraft }}, operator {{ operator }}, airport ${place}, date {{ date }}, time of day {{ time_of_day }}, phase of flight {{ phase }}, wildlife {{ species }}, wildlife size {{ size }}${speed(', indicated airspeed ', ' knots')}.`,
  `The crew of the {{ operator }} {{ aircraft }} reported wildlife of size {{ size }} ({{ species }}) in the {{ phase }} phase near ${place} on {{ date }}. It was {{ time_of_day }}${speed(', and they were flying at ', ' knots')}.`,
  `During {{ phase }} at ${place} the {{ aircraft }} met {{ species }} ({{ size }})${speed(' with ', ' knots on the dial')}. {{ operator }}, {{ date }}, {{ time_of_day }}.`,
  `{{ date }} | {{ time_of_day }} | ${place} | {{ operator }} | {{ aircraft }} | {{ phase }} | {{ species }} | {{ size }} | ${speed('', ' kt', 'speed not given')}`,
]
const laterReports = [
  `Bird or other wildlife, {{ size }}, given as {{ species }}, collided with {{ operator }}'s {{ aircraft }} on {{ date }} while in {{ phase }} at ${place}, {{ time_of_day }}${speed(', airspeed ', ' kt')}.`,
  `{{ time_of_day }} of {{ date }}, ${place}. {{ species }} struck; its size: {{ size }}. The {{ aircraft }} ({{ operator }}) was in {{ phase }}${speed(' doing ', ' knots')}.`,
  `Report filed by {{ operator }}: {{ aircraft }}, {{ phase }}, ${place}. What was hit: {{ species }}, {{ size }}. When: {{ date }}, {{ time_of_day }}. ${speed('Knots: ', '.', 'Knots: not stated.')}`,
]

const ask = (tellings: readonly string[], questions: readonly string[]): string[] =>
  tellings.map((telling, index) => `${questions[index % questions.length]}\n\n${telling}`)

/** A question about the report, with its answer. */
const questions = [
  { ask: 'In which phase of flight was the aircraft?', response: 'It was in the phase {{ phase }}.' },
  { ask: 'What was struck?', response: '{{ species }}, of {{ size | lower }} size.' },
  { ask: 'How fast was the aircraft flying?', response: '{{ speed }} knots.' },
  { ask: 'Where did it happen?', response: 'At {{ airport }}, {{ state }}.' },
  {
    ask: 'Who operated the aircraft, and of what type was it?',
    response: '{{ operator }}, type {{ aircraft }}.',
  },
  { ask: 'When did it happen?', response: 'On {{ date }}, time of day: {{ time_of_day | lower }}.' },
]
const laterQuestions = [
  { ask: 'Name the phase of flight.', response: 'It was in the phase {{ phase }}.' },
  {
    ask: 'Which animal did the aircraft meet, and how large was it?',
    response: '{{ species }}, of {{ size | lower }} size.',
  },
  { ask: 'At which airport, and in which state, was that?', response: 'At {{ airport }}, {{ state }}.' },
]
const askEach = (
  tellings: readonly string[],
  asked: typeof questions,
): { prompt: string; response: string }[] =>
  asked.map(({ ask: question, response }, index) => ({
    prompt: `${tellings[index % tellings.length]}\n\n${question}`,
    response,
  }))

export default defineProject({
  name: 'wildlife-strikes',
  seed: 1,
  sources: {
    reports: { ...strikes, use: 'train', where: { desk: 'shared' } },
    archive: { ...strikes, use: 'fit', share: 'local', where: { desk: 'local' } },
    later: { ...strikes, use: 'test', where: { desk: 'later' } },
  },
  columns: {
    damaged: { derive: "'no' if damage == 'None' else 'yes'" },
  },
  constraints: ['speed is none or (speed >= 0 and speed <= 450)', "(damage == 'None') == (damaged == 'no')"],
  tasks: {
    damaged: {
      kind: 'label',
      answer: 'damaged',
      labels: ['no', 'yes'],
      prompts: ask(reports, [
        'Was the aircraft damaged? Answer yes or no.',
        'Read the report and say whether the aircraft took damage: yes or no.',
        'Did this wildlife strike damage the aircraft (yes/no)?',
      ]),
      heldOut: ask(laterReports, [
        'Is damage to the aircraft to be expected here? Reply with yes or no.',
        'Tell me, yes or no, if the aircraft came away damaged.',
      ]),
    },
    damage: {
      kind: 'label',
      answer: 'damage',
      labels: ['None', 'Minor', 'Medium', 'Substantial'],
      prompts: ask(reports, [
        'How badly was the aircraft damaged: None, Minor, Medium or Substantial?',
        'Grade the damage to the aircraft as None, Minor, Medium or Substantial.',
        'Which amount of damage fits this report (None, Minor, Medium, Substantial)?',
      ]),
      heldOut: ask(laterReports, [
        'Give the amount of damage in one word: None, Minor, Medium or Substantial.',
        'Of None, Minor, Medium and Substantial, which describes the damage?',
      ]),
    },
    facts: {
      kind: 'fields',
      fields: [
        'date',
        'time_of_day',
        'airport',
        'state',
        'operator',
        'aircraft',
        'phase',
        'species',
        'size',
        'speed',
      ],
      system:
        'You read reports of wildlife strikes and answer with JSON alone. A fact that is not stated is null.',
      prompts: ask(reports, [
        'Extract the facts as JSON with the keys date, time_of_day, airport, state, operator, aircraft, phase, species, size and speed.',
        'Turn this report into a JSON object (date, time_of_day, airport, state, operator, aircraft, phase, species, size, speed).',
      ]),
      heldOut: ask(laterReports, [
        'Fill in the record as JSON: date, time_of_day, airport, state, operator, aircraft, phase, species, size, speed.',
      ]),
    },
    answer: {
      kind: 'text',
      prompts: askEach(reports, questions),
      heldOut: askEach(laterReports, laterQuestions),
    },
  },
  attributes: ['damaged', 'size', 'phase', 'time_of_day'],
  // One report in five damaged, where it is one in nine: chosen on the archive, never on the later reports.
  target: { damaged: { no: 0.8, yes: 0.2 } },
  generators: {
    form: { use: 'rules', ...blankForm },
    archive: { use: 'records', fitOn: ['archive'], first: ['damaged'] },
    // The 60 may be shared, so their rare values need no hiding.
    reports: { use: 'records', first: ['damaged'], rare: 1 },
  },
  mixtures: {
    mixed: { generators: ['form', 'archive'], perReal: 10 },
    shareable: { generators: ['form', 'reports'], perReal: 10 },
  },
  // A small language model from scratch, on a task of each kind: labels, extraction, short answers.
  preview: {
    tasks: ['damage', 'facts', 'answer'],
    student: { use: 'decoder', size: { width: 64, layers: 2 }, learningRate: 0.004 },
  },
})
