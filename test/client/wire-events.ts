import type { WireEvent } from '../../server/protocol/session-events.js';
import type { WireSessionSettings } from '../../server/settings/wire-name.js';

type Event<Type extends WireEvent['type']> = Extract<WireEvent, { type: Type }>;
/** The fields of one kind of event; what is left out gets a plain value. */
type Given<Type extends WireEvent['type']> = Partial<Omit<Event<Type>, 'type'>>;

/** Settings as a session may have them. */
export const wireSettings: WireSessionSettings = {
  heads: ['informative'],
  policy: { type: 'threshold', threshold: 0.5 },
  cooldown: 0,
  hysteresis: 0,
  rearm_after: 30,
  reply_budget: 0,
  talk_rate: 0,
  least_change: 0,
  repeat_after: 0,
  repeat_words: 0,
  assistant_turns: 'remove',
  interrupt: 'cancel',
  repetition_penalty: 1,
  max_reply_tokens: 200,
  memory: 'windows',
  window: 60,
  text_window: 512,
  sink: 2048,
  positions: 'contiguous',
  fps: 2,
  system_prompt: 'You watch.',
  prompt_layout: 'trained',
  read_text: 'on',
  queue_limit: 16,
  batch_limit: 4,
};

const envelope = { seq: 1, video_time: 0, elapsed_ms: 0 };

export const opened = (given: Given<'session.opened'> = {}): Event<'session.opened'> => ({
  type: 'session.opened',
  ...envelope,
  session_id: 's1',
  model: 'fake',
  several_questions: false,
  settings: wireSettings,
  ...given,
});

export const sourceOpened = (given: Given<'source.opened'> = {}): Event<'source.opened'> => ({
  type: 'source.opened',
  ...envelope,
  source: 'street',
  info: { width: 640, height: 360, fps: 25, duration: 20, codec: 'h264', live: false },
  sampling_fps: 2,
  ...given,
});

export const sourceEnded = (given: Given<'source.ended'> = {}): Event<'source.ended'> => ({
  type: 'source.ended',
  ...envelope,
  frames: 40,
  dropped_frames: 0,
  waiting_texts: 0,
  reason: 'finished',
  warnings: [],
  ...given,
});

export const frame = (given: Given<'frame.scored'> = {}): Event<'frame.scored'> => ({
  type: 'frame.scored',
  ...envelope,
  frame_index: 0,
  informative_score: 0.2,
  relevance_score: 0.1,
  score: 0.2,
  running_sum: null,
  picture_change: null,
  question_id: null,
  questions: [],
  threshold: 0.5,
  fired: false,
  reason: 'score_not_above_threshold',
  ...given,
});

export const inserted = (given: Given<'user.text.inserted'> = {}): Event<'user.text.inserted'> => ({
  type: 'user.text.inserted',
  question_id: 'question_1',
  ...envelope,
  text: 'What is there?',
  client_event_id: 'c1',
  requested_time: null,
  ...given,
});

export const questionAdded = (given: Given<'question.added'> = {}): Event<'question.added'> => ({
  type: 'question.added',
  ...envelope,
  ...{ question_id: 'question_1', text: 'a question', threshold: null, client_event_id: null },
  ...given,
});

export const started = (given: Given<'response.started'> = {}): Event<'response.started'> => ({
  type: 'response.started',
  question_id: null,
  ...envelope,
  response_id: 'r1',
  frame_index: 0,
  ...given,
});

export const delta = (given: Given<'response.text.delta'> = {}): Event<'response.text.delta'> => ({
  type: 'response.text.delta',
  ...envelope,
  response_id: 'r1',
  delta: 'A dog',
  ...given,
});

export const suppressed = (given: Given<'response.suppressed'> = {}): Event<'response.suppressed'> => ({
  type: 'response.suppressed',
  question_id: null,
  ...envelope,
  ...{ response_id: 'r2', frame_index: 3, reason: 'nothing_new', repeats: 'r1', text: 'A dog', tokens: 2 },
  timing: { fired_ms: 1, first_token_ms: 2, finished_ms: 3 },
  ...given,
});

export const done = (given: Given<'response.done'> = {}): Event<'response.done'> => ({
  type: 'response.done',
  question_id: null,
  ...envelope,
  response_id: 'r1',
  status: 'completed',
  finish: 'end',
  text: 'A dog.',
  tokens: 3,
  kept: false,
  timing: { fired_ms: 0, first_token_ms: 1, finished_ms: 2 },
  ...given,
});

export const lagging = (given: Given<'session.lagging'> = {}): Event<'session.lagging'> => ({
  type: 'session.lagging',
  ...envelope,
  queued_frames: 3,
  dropped_frames: 0,
  behind_seconds: 1.5,
  ...given,
});
