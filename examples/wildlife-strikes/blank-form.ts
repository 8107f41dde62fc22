// A grammar of strike reports, written from the blank form, the 60 reports that the desk may share, and what anyone in
// aviation safety knows: heavy animals do more harm than light ones; engines at climb power suffer more than idling ones;
// small aircraft are frailer than airliners; a dent gets the remains looked at, so the species is known more often.
// The weights are judgements, not counts of any reports but those 60.

const large = [
  { value: 'Unknown bird - large', weight: 8 },
  { value: 'Canada goose', weight: 6 },
  { value: 'Turkey vulture', weight: 3 },
  { value: 'White-tailed deer', weight: 3 },
  { value: 'Great blue heron', weight: 1 },
  { value: 'Snow goose', weight: 1 },
  { value: 'Bald eagle', weight: 1 },
  { value: 'Coyote', weight: 1 },
]
const mediumKnown = [
  { value: 'Ring-billed gull', weight: 3 },
  { value: 'Herring gull', weight: 3 },
  { value: 'Red-tailed hawk', weight: 3 },
  { value: 'Mallard', weight: 2 },
  { value: 'Laughing gull' },
  { value: 'American crow' },
  { value: 'Barn owl' },
]
const smallKnown = [
  { value: 'European starling', weight: 3 },
  { value: 'Rock pigeon', weight: 2 },
  { value: 'Mourning dove', weight: 2 },
  { value: 'American kestrel', weight: 2 },
  { value: 'Killdeer' },
  { value: 'Horned lark' },
  { value: 'American robin' },
  { value: 'Barn swallow' },
  { value: 'Eastern meadowlark' },
]

export const blankForm = {
  columns: {
    damaged: [
      { value: 'no', weight: 52 },
      { value: 'yes', weight: 8 },
    ],
    size: [
      {
        when: { damaged: 'yes' },
        choose: [
          { value: 'Small', weight: 3 },
          { value: 'Medium', weight: 6 },
          { value: 'Large', weight: 4 },
        ],
      },
      {
        choose: [
          { value: 'Small', weight: 31 },
          { value: 'Medium', weight: 21 },
          { value: 'Large', weight: 1 },
        ],
      },
    ],
    damage: [
      { when: { damaged: 'no' }, choose: ['None'] },
      {
        when: { size: 'Large' },
        choose: [
          { value: 'Minor', weight: 3 },
          { value: 'Medium', weight: 2 },
          { value: 'Substantial', weight: 4 },
        ],
      },
      {
        choose: [
          { value: 'Minor', weight: 4 },
          { value: 'Medium', weight: 2 },
          { value: 'Substantial', weight: 2 },
        ],
      },
    ],
    _known: [
      {
        when: { damaged: 'yes' },
        choose: [
          { value: true, weight: 2 },
          { value: false, weight: 3 },
        ],
      },
      {
        choose: [
          { value: true, weight: 6 },
          { value: false, weight: 46 },
        ],
      },
    ],
    species: [
      { when: { size: 'Large' }, choose: large },
      { when: { size: 'Medium', _known: true }, choose: mediumKnown },
      { when: { size: 'Small', _known: true }, choose: smallKnown },
      {
        when: { size: 'Medium' },
        choose: [{ value: 'Unknown bird - medium', weight: 5 }, { value: 'Unknown bird or bat' }],
      },
      { choose: ['Unknown bird - small'] },
    ],
    phase: [
      { when: { species: ['White-tailed deer', 'Coyote'] }, choose: ['Take-off run', 'Landing Roll'] },
      {
        when: { damaged: 'yes' },
        choose: [
          { value: 'Approach', weight: 8 },
          { value: 'Climb', weight: 6 },
          { value: 'Take-off run', weight: 4 },
          { value: 'Descent', weight: 2 },
          { value: 'Landing Roll', weight: 2 },
        ],
      },
      {
        choose: [
          { value: 'Approach', weight: 26 },
          { value: 'Climb', weight: 10 },
          { value: 'Take-off run', weight: 9 },
          { value: 'Landing Roll', weight: 8 },
          { value: 'Descent', weight: 2 },
          { value: 'Taxi', weight: 0.5 },
          { value: 'Parked', weight: 0.2 },
        ],
      },
    ],
    speed: [
      { when: { phase: 'Parked' }, choose: [null] },
      { when: { phase: 'Taxi' }, number: { minimum: 5, maximum: 25, step: 5 }, missing: 0.4 },
      {
        when: { phase: ['Take-off run', 'Landing Roll'] },
        number: { mean: 115, deviation: 30, minimum: 30, maximum: 170, step: 5 },
        missing: 0.6,
      },
      {
        when: { phase: 'Descent' },
        number: { mean: 220, deviation: 35, minimum: 140, maximum: 320, step: 10 },
        missing: 0.3,
      },
      {
        when: { phase: 'Climb' },
        number: { mean: 165, deviation: 25, minimum: 90, maximum: 280, step: 5 },
        missing: 0.25,
      },
      { number: { mean: 148, deviation: 35, minimum: 80, maximum: 250, step: 5 }, missing: 0.25 },
    ],
    time_of_day: { from: 'time_of_day' },
    date: { date: { from: '1990-01-01', to: '2002-06-30' } },
    _light: [
      {
        when: { damaged: 'yes' },
        choose: [
          { value: true, weight: 3 },
          { value: false, weight: 10 },
        ],
      },
      {
        choose: [
          { value: true, weight: 2 },
          { value: false, weight: 50 },
        ],
      },
    ],
    operator: [{ when: { _light: true }, choose: ['BUSINESS'] }, { from: 'operator' }],
    aircraft: [
      {
        when: { _light: true },
        choose: ['C-172', 'C-182', 'C-402', 'C-550', 'PA-28', 'PA-31', 'BE-58', 'BE-200 KING', 'LEARJET-35'],
      },
      { from: 'aircraft', given: ['operator'], smoothing: 1 },
    ],
    airport: { from: 'airport' },
    state: { from: 'state', given: ['airport'], smoothing: 0 },
  },
}
