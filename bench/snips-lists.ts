// Lists that anyone could write down for the seven intents of snips, from common knowledge: none of it is read off the data.
import type { z } from 'zod'
import type { seedsOptions } from '../src/generate/rules/seeds/options.ts'

type Options = z.input<typeof seedsOptions>

const words = (text: string): string[] => text.split(',').map(word => word.trim())

const lists: NonNullable<Options['lists']> = {
  cities: words(
    'Paris, London, Berlin, Rome, Madrid, Lisbon, Vienna, Prague, Warsaw, Dublin, Oslo, Athens, Cairo, Nairobi, Lagos, Tokyo, ' +
      'Seoul, Beijing, Delhi, Mumbai, Sydney, Toronto, Montreal, Chicago, Boston, Seattle, Denver, Austin, Dallas, Houston, ' +
      'Phoenix, Atlanta, Miami, Portland, Detroit, Cleveland, Memphis, Nashville, Oakland, San Diego, New York, Brooklyn, ' +
      'Los Angeles, Las Vegas, Salt Lake City, Kansas City, Santa Fe, Springfield, Fairview, Greenville, Clinton, Salem',
  ),
  countries: words(
    'France, Germany, Italy, Spain, Portugal, Poland, Greece, Turkey, Egypt, Kenya, Nigeria, Morocco, South Africa, India, ' +
      'China, Japan, South Korea, Thailand, Vietnam, Australia, New Zealand, Canada, Mexico, Cuba, Brazil, Argentina, Chile, ' +
      'Peru, Sweden, Norway, Finland, Iceland, Ireland, United Kingdom, Switzerland, Austria, Russia, Ukraine, Iran, Israel',
  ),
  states: words(
    'Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, Hawaii, Idaho, Illinois, ' +
      'Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri, ' +
      'Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, ' +
      'Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, Washington, ' +
      'West Virginia, Wisconsin, Wyoming, AL, AK, AZ, CA, CO, CT, FL, GA, HI, IA, ID, IL, IN, KS, KY, LA, MA, MD, ME, MI, MN, ' +
      'MO, MS, MT, NC, ND, NE, NH, NJ, NM, NV, NY, OH, OK, OR, PA, RI, SC, SD, TN, TX, UT, VA, VT, WA, WI, WV, WY',
  ),
  days: words('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday'),
  months: words(
    'January, February, March, April, May, June, July, August, September, October, November, December',
  ),
  numbers: words(
    'one, two, three, four, five, six, seven, eight, nine, ten, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20',
  ),
  ordinals: words('first, second, 3rd, 4th, fifth, 7th, ninth, 10th, twelfth, 15th, 18th, 21st, 23rd, 30th'),
  times: [
    '{today|tomorrow|tonight|now|right now|this morning|this afternoon|this evening|noon|midnight|next week|this weekend|at lunch|at breakfast|for dinner|later today}',
    '{in|in|} {@numbers} {seconds|minutes|hours|days|weeks|months|years}{| from now*0.5}',
    '{next|this|on|} {@days}',
    '{on|} {@months} {@ordinals}{|, 2019|, 2025|, 2033}',
    'the {@ordinals} of {@months}',
    "{at|} {1|2|3|4|5|6|7|8|9|10|11|12}{|:15|:30|:45} {am|pm|a.m.|p.m.|o'clock}",
    'at {@numbers} {in the morning|in the evening|at night|pm}',
    "{spring|summer|autumn|winter|christmas|thanksgiving|easter|new year's eve}",
  ],
  near: words(
    'nearby, near, close, close by, closest, nearest, around here, far from here, not far, within walking distance, next to here, ' +
      'in the area, in the neighborhood, within a mile, a few blocks away, local',
  ),
  nouns: words(
    'night, day, love, house, river, moon, sun, fire, dream, city, road, world, king, queen, heart, star, sea, garden, shadow, ' +
      'winter, summer, mountain, storm, war, peace, blood, time, life, death, girl, boy, man, woman, dog, horse, wolf, bird, ' +
      'train, ship, island, secret, truth, game, dance, light, stone, sky, child, mother, father, stranger, angel, devil, ghost',
  ),
  adjectives: words(
    'big, little, old, new, last, first, dark, bright, blue, red, black, white, golden, silver, lost, broken, wild, quiet, cold, ' +
      'sweet, bad, good, beautiful, strange, secret, final, long, young, great, happy, lonely, perfect, invisible, American',
  ),
  titles: [
    '{the|a||my|our} {@adjectives} {@nouns}',
    '{the|} {@nouns} of {the|} {@nouns}',
    '{the|} {@nouns} and the {@nouns}',
    '{@nouns} {in|on|under|without|for|after} {the|} {@nouns}',
    '{we are|I am|you are|this is|who is|where is|how to be} {the|} {@nouns}',
    'the {@nouns:plural}',
    '{@adjectives:capital} {@nouns:capital}{|: the {@nouns} years*0.3| {I|II|III|2|3}*0.3}',
    '{faker:person.firstName} and the {@nouns}',
  ],
  names: [
    '{faker:person.fullName}',
    '{faker:person.fullName}',
    '{faker:person.firstName}',
    '{the|} {@adjectives:capital} {@nouns:plural}',
  ],
  genres: words(
    'rock, pop, jazz, blues, soul, funk, disco, punk, metal, heavy metal, hip hop, rap, country, folk, bluegrass, reggae, ska, ' +
      'techno, house, trance, electronic, ambient, classical, opera, gospel, indie, indie rock, alternative, grunge, R&B, latin, ' +
      'salsa, new age, dubstep, swing, soundtrack',
  ),
  cuisines: words(
    'Italian, French, Chinese, Japanese, Thai, Indian, Mexican, Greek, Spanish, Turkish, Korean, Vietnamese, Lebanese, Moroccan, ' +
      'Ethiopian, Brazilian, Cuban, German, Russian, Polish, American, southern, cajun, vegan, vegetarian, seafood, kosher, halal, ' +
      'mediterranean, middle eastern',
  ),
  dishes: words(
    'pizza, pasta, sushi, tacos, burritos, burgers, hamburgers, steak, ramen, noodles, curry, soup, salad, sandwiches, fish and chips, ' +
      'fried chicken, barbecue, ribs, dumplings, pancakes, waffles, ice cream, cheesecake, lobster, oysters, paella, lasagna, ' +
      'falafel, kebab, hot dogs, french fries, chili',
  ),
}

const inIntent = (intent: string, wordings: readonly string[]) =>
  wordings.map(value => ({ value, when: { intent } }))

const values: NonNullable<Options['values']> = {
  city: ['{@cities}', '{faker:location.city}'],
  country: ['{@countries}'],
  state: ['{@states}'],
  timeRange: ['{@times}'],
  spatial_relation: ['{@near}'],
  poi: [
    '{faker:location.street}',
    '{@cities}',
    "{my|our|my mom's|the} {house|office|hotel|school|place}",
    '{@cities} {station|airport|park}',
  ],
  geographic_poi: [
    '{@adjectives:capital} {@nouns:capital} {National Park|State Park|National Forest|Lake|Wildlife Refuge|Historic Site|Nature Reserve}',
    '{faker:person.lastName} {National Park|State Park|Forest|Lake|Mountain|Nature Reserve|Conservation Area}',
  ],
  current_location: [
    '{here|my current location|my current position|my current place|my location|where I am}',
  ],
  condition_description: [
    '{rain|rainy|raining|snow|snowy|snowing|sunny|cloudy|windy|foggy|stormy|a storm|a blizzard|hail|a hurricane|a tornado|overcast|humid|clear|thunderstorms|sunshine|sleet|drizzle}',
  ],
  condition_temperature: [
    '{hot|cold|warm|chilly|freezing|cool|hotter|colder|warmer|boiling|mild|below zero}',
  ],
  artist: ['{@names}'],
  playlist: [
    '{@titles}',
    '{@genres} {hits|classics|essentials|favorites|mix|party|jams|radio}',
    '{workout|party|road trip|dinner|morning|evening|chill|sleep|study|summer|driving|running|yoga|cooking|relaxing} {|mix|songs|music|hits|vibes|time}',
    '{best|top|hot|all} {of the|} {60s|70s|80s|90s|2000s|2016|2017} {|hits|music}',
    '{@nouns} {vibes|songs|beats|sounds|mood}',
  ],
  playlist_owner: ["{my|my|my|{faker:person.firstName}'s}"],
  entity_name: ['{@titles}', '{@names}'],
  music_item: ['{song|track|tune|album|artist|record|single|music|songs|band}'],
  track: ['{@titles}'],
  album: ['{@titles}'],
  genre: ['{@genres}'],
  service: [
    '{Spotify|YouTube|iTunes|Pandora|Deezer|Apple Music|Google Music|Amazon Music|SoundCloud|Last.fm|Netflix}',
  ],
  year: [
    '{the|} {50s|60s|70s|80s|90s|fifties|sixties|seventies|eighties|nineties}',
    '{19{5|6|7|8|9}{0|1|2|3|4|5|6|7|8|9}|20{0|1}{0|2|4|5|7|9}}',
  ],
  sort: [
    ...inIntent('PlayMusic', ['{best|top|latest|newest|most popular|greatest|last|popular|good}']),
    ...inIntent('BookRestaurant', ['{best|top rated|highly rated|popular|good|nice|fancy|cheap|famous}']),
  ],
  restaurant_type: [
    '{restaurant|bar|pub|cafe|diner|bistro|steakhouse|pizzeria|brasserie|tavern|bakery|food truck|coffee shop|cafeteria|grill}',
  ],
  restaurant_name: [
    "{faker:person.firstName}'s {Grill|Diner|Kitchen|Place|Bar|Pizza|House|}",
    'The {@adjectives:capital} {@nouns:capital}',
    '{@nouns:capital} {Grill|Diner|Cafe|House|Bar}',
  ],
  cuisine: ['{@cuisines}'],
  served_dish: ['{@dishes}'],
  facility: [
    '{parking|wifi|a pool|outdoor seating|a terrace|a smoking area|valet parking|live music|internet|a patio|baby chairs|takeaway}',
  ],
  party_size_number: ['{@numbers}'],
  party_size_description: [
    '{me and|} {my wife|my husband|my mom|my dad|my boss|my friends|my family|my sister|my kids} {and I|and me|}',
    '{faker:person.firstName} and {I|me|{faker:person.firstName}}',
    '{faker:person.firstName}, {faker:person.firstName} and {I|me|{faker:person.firstName}}',
  ],
  rating_value: ['{0|1|2|3|4|5|zero|one|two|three|four|five}'],
  best_rating: ['{5|6|five|six|10}'],
  rating_unit: ['{stars|points|star|point}'],
  object_select: ['{this|this|that|current|last|previous|next}'],
  object_part_of_series_type: ['{series|saga|chronicle|trilogy}'],
  object_name: ['{@titles}', '{faker:book.title}'],
  object_type: [
    ...inIntent('RateBook', ['{book|novel|textbook|essay|album|story|biography|ebook}']),
    ...inIntent('SearchCreativeWork', [
      '{book|novel|song|album|movie|film|TV show|TV series|television show|show|video game|game|painting|picture|photograph|soundtrack|trailer|play|saga|poem|magazine}',
    ]),
    ...inIntent('SearchScreeningEvent', [
      '{movie|film} {times|schedule|schedules|showtimes|timetable}',
      '{showtimes|schedule|screenings|movie listings}',
    ]),
  ],
  movie_name: ['{@titles}'],
  movie_type: [
    '{animated|action|horror|romantic|new|foreign|} {movies|movie|films|film}',
    '{movies|films|cartoons|comedies|documentaries|thrillers}',
  ],
  location_name: [
    '{faker:person.lastName} {Theatres|Cinemas|Theaters|Theatre|Cinema|Entertainment}',
    '{AMC|Regal|Odeon|Imax|Cinemark|Star|Royal|Grand|Plaza} {Theatres|Cinemas|Theaters|}',
  ],
  object_location_type: [
    '{cinema|theater|theatre|movie theater|movie theatre|movie house|drive-in|multiplex}',
  ],
}

/** Slots that can stand in each other's place. */
const alike: NonNullable<Options['alike']> = [
  { slots: ['track', 'album', 'playlist', 'genre', 'artist'], when: { intent: 'PlayMusic' } },
  { slots: ['service', 'year'], when: { intent: 'PlayMusic' } },
  { slots: ['artist', 'entity_name'], when: { intent: 'AddToPlaylist' } },
  { slots: ['restaurant_type', 'restaurant_name'], when: { intent: 'BookRestaurant' } },
  { slots: ['cuisine', 'served_dish', 'sort', 'facility'], when: { intent: 'BookRestaurant' } },
  { slots: ['party_size_number', 'party_size_description'], when: { intent: 'BookRestaurant' } },
  { slots: ['city', 'state', 'country', 'poi'], when: { intent: 'BookRestaurant' } },
  {
    slots: ['city', 'state', 'country', 'geographic_poi', 'current_location'],
    when: { intent: 'GetWeather' },
  },
  { slots: ['condition_description', 'condition_temperature'], when: { intent: 'GetWeather' } },
  { slots: ['movie_name', 'movie_type'], when: { intent: 'SearchScreeningEvent' } },
  {
    slots: ['location_name', 'object_location_type', 'spatial_relation'],
    when: { intent: 'SearchScreeningEvent' },
  },
  { slots: ['object_type', 'object_part_of_series_type'], when: { intent: 'RateBook' } },
]

/** Verbs and other words that ask for the same. */
const synonyms: NonNullable<Options['synonyms']> = [
  { words: ['add', 'put', 'include', 'place'], when: { intent: 'AddToPlaylist' } },
  { words: ['to', 'onto', 'into', 'in'], when: { intent: 'AddToPlaylist' } },
  {
    words: ['play', 'put on', 'start', 'listen to', 'I want to hear', 'let me hear'],
    when: { intent: 'PlayMusic' },
  },
  { words: ['book', 'reserve', 'make a reservation at', 'get', 'find'], when: { intent: 'BookRestaurant' } },
  { words: ['a table', 'a reservation', 'a spot', 'seats'], when: { intent: 'BookRestaurant' } },
  { words: ['rate', 'give'], when: { intent: 'RateBook' } },
  {
    words: [
      'find',
      'search for',
      'look for',
      'look up',
      'show me',
      'get me',
      'where can I find',
      'I am looking for',
    ],
    when: { intent: 'SearchCreativeWork' },
  },
  { words: ['weather', 'forecast', 'weather forecast', 'temperature'], when: { intent: 'GetWeather' } },
  { words: ['something', 'some music', 'music', 'a song', 'songs'], when: { intent: 'PlayMusic' } },
  { words: ['table', 'reservation', 'spot'], when: { intent: 'BookRestaurant' } },
  { words: ['playing', 'showing', 'on', 'being shown'], when: { intent: 'SearchScreeningEvent' } },
  {
    words: ['find', 'look for', 'look up', 'show me', 'see', 'check', 'give me'],
    when: { intent: 'SearchScreeningEvent' },
  },
  ["what's", 'what is', 'tell me'],
  { words: ['will it be', 'is it going to be', 'is it', 'will there be'], when: { intent: 'GetWeather' } },
  { words: ['called', 'named', 'titled', 'with the name'], when: { intent: 'SearchCreativeWork' } },
  { words: ['playlist', 'list', 'collection'], when: { intent: 'AddToPlaylist' } },
  ['out of', 'of'],
  ['want', "'d like", 'need'],
  ['can you', 'could you', 'please', 'would you', 'I want you to'],
]

/** What a person adds to the seeds: values and lists, and words that can stand for one another. */
export const snipsAlike = alike
export const snipsLists = { values, lists }
export const snipsSynonyms = synonyms
