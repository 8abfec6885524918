/** Names of COCO's 80 things, in the order of the class scores. */
const names: readonly string[] = (
  'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,' +
  'parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,' +
  'tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,' +
  'tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,' +
  'hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,' +
  'keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,' +
  'hair drier,toothbrush'
).split(',');

const plurals: Readonly<Record<string, string>> = {
  ...{ person: 'people', sheep: 'sheep', skis: 'skis', scissors: 'scissors', mouse: 'mice' },
  ...{ knife: 'knives', bus: 'buses', bench: 'benches', couch: 'couches', sandwich: 'sandwiches' },
  ...{ toothbrush: 'toothbrushes', 'wine glass': 'wine glasses' },
};

/** What people call the things besides their names; a word may stand for several. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  person: ['somebody', 'someone', 'anybody', 'anyone', 'man', 'men', 'woman', 'women', 'child', 'children'],
  pedestrian: ['person'],
  vehicle: ['car', 'truck', 'bus', 'motorcycle', 'bicycle', 'train'],
  animal: ['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
  bike: ['bicycle', 'motorcycle'],
  plane: ['airplane'],
  ball: ['sports ball'],
  phone: ['cell phone'],
  plant: ['potted plant'],
  sofa: ['couch'],
  table: ['dining table'],
  television: ['tv'],
  fridge: ['refrigerator'],
};

/** The name of one thing of a class. */
export function nameOf(thing: number): string {
  return names[thing] ?? 'thing';
}

/** The name of several things of a class. */
export function manyOf(thing: number): string {
  return pluralOf(nameOf(thing));
}

/** One of them, with its article: `a dog`. */
export function oneOf(thing: number): string {
  const name = nameOf(thing);
  if (name === 'skis' || name === 'scissors') return `a pair of ${name}`;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** The classes that a text speaks of, in the order of the names' table; the longest names win. */
export function thingsIn(text: string): readonly number[] {
  let rest = ` ${text.toLowerCase().replace(/[^a-z ]+/g, ' ')} `;
  const found = new Set<number>();
  for (const [word, things] of vocabulary) {
    const pattern = new RegExp(` ${word}(?= )`, 'g');
    if (!pattern.test(rest)) continue;
    for (const thing of things) found.add(thing);
    rest = rest.replace(pattern, ' ');
  }
  return [...found].sort((one, other) => one - other);
}

function pluralOf(name: string): string {
  return plurals[name] ?? `${name}s`;
}

/** Words and the classes they mean, the longest first. */
const vocabulary: readonly (readonly [string, readonly number[]])[] = [
  ...names.flatMap((name, thing) => [name, pluralOf(name)].map((word) => [word, [thing]] as const)),
  ...(otherWords.person ?? []).map((word) => [word, [0]] as const),
  ...Object.entries(otherWords)
    .filter(([word]) => word !== 'person')
    .flatMap(([word, meant]) =>
      [word, pluralOf(word)].map((form) => [form, meant.map((name) => names.indexOf(name))] as const),
    ),
].sort(([one], [other]) => other.length - one.length);
