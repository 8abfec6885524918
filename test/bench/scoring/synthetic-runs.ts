import { seededRandom, type Random } from '../../../server/scoring/statistics/random.js';

/**
 * A benchmark's files, made up: predictions as lines, one per question, and the annotations of all of them.
 */
export interface SyntheticRun {
  readonly lines: () => Generator<object>;
  readonly gold: () => Generator<object>;
}

/** Makes so many examples of a task; the same seed makes the same files. */
export type MakeRun = (count: number) => SyntheticRun;

const words = (
  'cut chop slice the onions garlic carrots add pinch of salt pepper to pan stir until golden pour water into pot boil ' +
  'for ten minutes whisk eggs and flour in bowl mix well spread butter on bread place chicken oven bake serve with rice ' +
  'heat some oil over medium put cheese top cover lid drain noodles remove from grill flip it fry both sides'
).split(' ');

/** MAGQA: 4 to 9 gold turns and 5 to 24 replies a question, some of them repeated. */
export const magqaRun: MakeRun = (count) => ({
  *gold() {
    for (const { id, random } of examples(count, 1)) {
      const conversation = [{ role: 'user', content: `what happens ${id}?`, time: 0 }];
      yield { question_id: id, conversation, answer: spans(random, 4 + integer(random, 6), 180).map(turn) };
    }
  },
  *lines() {
    for (const { id, random } of examples(count, 2)) {
      const replies = Array.from({ length: 5 + integer(random, 20) }, () => random() * 180).sort(
        (a, b) => a - b,
      );
      const said = Array.from({ length: 8 }, () => sentence(random));
      const turns = replies.map((time) => ({ role: 'assistant', content: said[integer(random, 8)], time }));
      yield { question_id: id, model_response_list: turns, video_duration: 180 };
    }
  },
});

/** Charades-STA: 200 to 400 scores, two a second, and one span. */
export const groundingRun: MakeRun = (count) => ({
  *gold() {
    for (const { id, random } of examples(count, 3)) {
      yield { question_id: id, timestamps: spans(random, 1, trackLength(id) / 2) };
    }
  },
  *lines() {
    for (const { id, random } of examples(count, 4)) yield track(id, random, 2);
  },
});

/** QVHighlights: 200 to 400 scores, one a second, and up to 30 rated clips. */
export const highlightRun: MakeRun = (count) => ({
  *gold() {
    for (const { id, random } of examples(count, 5)) {
      const clips = Math.trunc(trackLength(id) / 2);
      const relevant = Array.from({ length: 5 + integer(random, 25) }, () => integer(random, clips));
      const ids = [...new Set(relevant)].sort((a, b) => a - b);
      const ratings = ids.map(() => [0, 1, 2].map(() => integer(random, 5)));
      yield { qid: id, duration: trackLength(id), relevant_clip_ids: ids, saliency_scores: ratings };
    }
  },
  *lines() {
    for (const { id, random } of examples(count, 6)) yield track(id, random, 1);
  },
});

/**
 * YouCook2: 5 to 12 gold captions of 6 to 14 words and about as many predicted ones, some of them near the
 * gold.
 */
export const captionsRun: MakeRun = (count) => ({
  *gold() {
    for (const { id, gold } of cookingVideos(count)) {
      const conversation = [{ role: 'user', content: 'describe', time: 0 }];
      yield { question_id: id, conversation, answer: gold };
    }
  },
  *lines() {
    for (const { id, gold, random } of cookingVideos(count)) {
      const turns = gold.flatMap(({ content, time }) => {
        const near = random() < 0.6 ? altered(content, random) : sentence(random);
        const late =
          random() < 0.2 ? [{ role: 'assistant', content: sentence(random), time: time[1] + 3 }] : [];
        return [{ role: 'assistant', content: near, time: time[1] + random() * 2 }, ...late];
      });
      yield { question_id: id, model_response_list: turns, video_duration: 320 };
    }
  },
});

interface Example {
  readonly id: string;
  readonly random: Random;
}

/** Each example draws from a generator of its own, so that lines can be made one at a time. */
function* examples(count: number, seed: number): Generator<Example> {
  for (let index = 0; index < count; index += 1) {
    yield { id: `video-${index}`, random: seededRandom(seed * 1_000_003 + index) };
  }
}

interface CookingVideo extends Example {
  readonly gold: readonly { readonly content: string; readonly time: readonly [number, number] }[];
}

function* cookingVideos(count: number): Generator<CookingVideo> {
  for (const { id, random } of examples(count, 7)) {
    const gold = spans(random, 5 + integer(random, 8), 300).map((time) => ({
      content: sentence(random),
      time,
    }));
    yield { id, random, gold };
  }
}

/** A score that wanders, with peaks: what a head says of a video. */
function track(id: string, random: Random, fps: number): object {
  let level = random();
  const frames = Array.from({ length: trackLength(id) }, (_, index) => {
    level = Math.min(1, Math.max(0, level + (random() - 0.5) / 4));
    const informative = Math.round(random() * 1000) / 1000;
    return {
      time: index / fps,
      informative_score: informative,
      relevance_score: Math.round(level * 1000) / 1000,
    };
  });
  return {
    question_id: id,
    model_response_list: [],
    video_duration: trackLength(id) / fps,
    debug_data: frames,
  };
}

/** 200 to 400 frames, by the number of the example. */
function trackLength(id: string): number {
  return 200 + ((Number(id.slice(id.indexOf('-') + 1)) * 37) % 201);
}

function spans(random: Random, count: number, duration: number): [number, number][] {
  const length = duration / count;
  return Array.from({ length: count }, (_, index) => {
    const start = (index + random() / 3) * length;
    return [tenths(start), tenths(start + (0.3 + random() / 3) * length)];
  });
}

function turn(time: [number, number], index: number): object {
  return { role: 'assistant', content: sentence(seededRandom(index + Math.round(time[0] * 10))), time };
}

function sentence(random: Random): string {
  const chosen = Array.from(
    { length: 6 + integer(random, 9) },
    () => words[integer(random, words.length)] ?? '',
  );
  return `${chosen.join(' ')}.`;
}

function altered(text: string, random: Random): string {
  const changed = text
    .split(' ')
    .map((word) => (random() < 0.3 ? (words[integer(random, words.length)] ?? word) : word));
  return changed.join(' ');
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function integer(random: Random, end: number): number {
  return Math.floor(random() * end);
}
