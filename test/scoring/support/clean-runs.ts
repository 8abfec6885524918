/** A task with small valid files; items are the lines, or the entries of the list of annotations. */
export interface CleanRun {
  readonly task: string;
  readonly flags: readonly string[];
  readonly gold: readonly CleanItem[];
  readonly pred: readonly CleanItem[];
}

/** An object of a file, before anything is done to it. */
export type CleanItem = Readonly<Record<string, unknown>>;

const ids = ['a.mp4', 'b.mp4', 'c.mp4'];

function turns(shift: number): CleanItem[] {
  return [
    { role: 'user', content: 'What happens?', time: 0 },
    { role: 'assistant', content: 'add the onions', time: 4 + shift },
    { role: 'assistant', content: 'stir the soup well', time: 13 + shift },
    { role: 'assistant', content: 'serve it with bread', time: 27 + shift },
  ];
}

function replies(index: number): CleanItem {
  return { question_id: ids[index], model_response_list: turns(index), video_duration: 40 };
}

function track(index: number): CleanItem {
  const debug_data = Array.from({ length: 40 }, (_, frame) => ({
    time: frame,
    informative_score: 0.25,
    relevance_score: Math.round(500 + 400 * Math.sin(frame / 5 + index)) / 1000,
  }));
  return { question_id: ids[index], model_response_list: [], video_duration: 40, debug_data };
}

const answers = ids.map((question_id, index) => ({
  question_id,
  video: question_id,
  conversation: [{ role: 'user', content: 'What happens?', time: 0 }],
  answer: [
    { role: 'assistant', content: 'onions are added', time: [2, 8 + index] },
    { role: 'assistant', content: 'the soup is stirred', time: [10, 18] },
    { role: 'assistant', content: 'it is served with bread', time: [20, 30] },
  ],
}));

const proactive = answers.map(({ answer, ...item }) => ({
  ...item,
  answer: answer.map(({ content, time: [start = 0, end = 0] }) => ({
    content,
    related_timespan: [start, end],
    reply_timespan: [start, end + 2],
  })),
}));

const spans = ids.map((question_id, index) => ({ question_id, timestamps: [[5 + index, 15]] }));

const clips = ids.map((qid) => ({
  qid,
  query: 'soup',
  duration: 40,
  vid: qid,
  relevant_windows: [[4, 10]],
  relevant_clip_ids: [2, 3, 4],
  saliency_scores: [
    [4, 3, 2],
    [4, 4, 4],
    [1, 2, 4],
  ],
}));

const said = ids.map((_, index) => replies(index));
const tracks = ids.map((_, index) => track(index));
const chosen = ['--window', '2', '--threshold', '0.5'];

/** One run for each task. */
export const cleanRuns: readonly CleanRun[] = [
  { task: 'magqa', flags: ['--judge', 'lexical'], gold: answers, pred: said },
  { task: 'pauc', flags: ['--judge', 'lexical'], gold: proactive, pred: said },
  { task: 'grounding', flags: chosen, gold: spans, pred: tracks },
  { task: 'highlight', flags: chosen.slice(0, 2), gold: clips, pred: tracks },
  { task: 'densecap', flags: [], gold: answers, pred: said },
];

/** The lines of a JSONL file. */
export function asLines(items: readonly unknown[]): string {
  return items.map((item) => JSON.stringify(item)).join('\n');
}
