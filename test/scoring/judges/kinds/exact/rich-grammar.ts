/**
 * A world with what the bundled one lacks: two languages, colours, counts, two things in one event, words of
 * order, and a scoreboard. Written as a grammar file has it.
 */
export const richGrammar = {
  format: 1,
  name: 'rich',
  fields: {
    kind: { weight: 4 },
    thing: { weight: 4, subject: true },
    colour: { weight: 2 },
    count: { weight: 2 },
    order: { weight: 1 },
    size: { weight: 2 },
    'other thing': { weight: 3 },
    'other colour': { weight: 1 },
    'other size': { weight: 1 },
    'other count': { weight: 1 },
    place: { weight: 2 },
    scene: { weight: 5 },
    home: { weight: 4 },
    guests: { weight: 4 },
  },
  languages: {
    en: {
      articles: ['a', 'an', 'the'],
      fillers: ['now', 'look'],
      slots: {
        thing: {
          field: 'thing',
          values: { ball: ['ball', 'balls'], cat: ['cat', 'cats'], caterpillar: ['caterpillar'] },
        },
        colour: { field: 'colour', values: { red: ['red'], blue: ['blue', 'light blue'] } },
        number: { field: 'count', values: { 2: ['two', '2'], 3: ['three', '3'] } },
        order: { field: 'order', values: { again: ['again'], then: ['after that'] } },
        size: { field: 'size', values: { big: ['big'], small: ['small', 'little'] } },
        place: { field: 'place', values: { left: ['on the left', 'at the left'], right: ['on the right'] } },
        scene: { field: 'scene', values: { forest: ['a forest'], beach: ['a beach'] } },
        goals: { field: 'home', values: { 0: ['0'], 1: ['1'], 2: ['2'] } },
      },
      phrases: { entity: '[{number} ][{size} ][{colour} ]{thing}' },
      lists: {
        standing: {
          item: '{entity} {place}',
          joints: ['and'],
          empty: ['nothing else'],
          meaning: { kind: 'stands' },
        },
      },
    },
    de: {
      articles: ['ein', 'eine', 'der', 'die', 'das', 'den', 'dem'],
      fillers: ['jetzt'],
      slots: {
        wer: {
          field: 'thing',
          values: { ball: ['der Ball', 'ein Ball', 'Bälle'], cat: ['die Katze', 'Katzen'] },
        },
        zahl: { field: 'count', values: { 2: ['zwei'], 3: ['drei'] } },
        wo: { field: 'place', values: { left: ['links'], right: ['rechts'] } },
        szene: { field: 'scene', values: { forest: ['einen Wald'], beach: ['einen Strand'] } },
      },
      lists: {
        dabei: { item: '{wer} {wo}', joints: ['und'], empty: ['sonst nichts'], meaning: { kind: 'stands' } },
      },
    },
  },
  patterns: [
    { language: 'en', pattern: '{entity} appears {place}[ {order}].', meaning: { kind: 'appear' } },
    { language: 'en', pattern: '{entity} appear {place}.', meaning: { kind: 'appear' } },
    { language: 'en', pattern: 'The {entity} chases the {entity as other}.', meaning: { kind: 'chase' } },
    { language: 'en', pattern: 'The score is {goals} : {goals as guests}!', meaning: { kind: 'score' } },
    { language: 'en', pattern: 'I see {scene} with {standing}.', meaning: { kind: 'view' } },
    { language: 'de', pattern: '{wer} jagt {wer as other thing}.', meaning: { kind: 'chase' } },
    { language: 'de', pattern: '{zahl} {wer} erscheinen {wo}.', meaning: { kind: 'appear' } },
    { language: 'de', pattern: 'Ich sehe {szene} mit {dabei}.', meaning: { kind: 'view' } },
  ],
} as const;
