import { expect, test } from 'vitest';
import type { Action } from '../../../client/page/state/actions.js';
import { reduce } from '../../../client/page/state/reduce.js';
import { emptyView, type ChosenVideo, type DuetView } from '../../../client/page/state/view.js';
import { frame, opened, sourceOpened } from '../wire-events.js';

const after = (...actions: Action[]): DuetView => actions.reduce(reduce, emptyView);
const video: ChosenVideo = {
  title: 'Street',
  source: { type: 'sample', name: 'street' },
  playUrl: '/street.mp4',
  questions: [],
  footage: 'real',
};
const watched: Action[] = [
  { type: 'local.choose', asks: null, video },
  opened(),
  { type: 'local.start' },
  sourceOpened({ seq: 2 }),
  frame({ seq: 3, frame_index: 0, video_time: 0 }),
  frame({ seq: 4, frame_index: 1, video_time: 0.5 }),
];

test('the chosen video stays through its session, and its new place on the server is kept', () => {
  expect(after(...watched).video).toBe(video);
  const source = { type: 'upload', upload_id: 'u2' } as const;
  expect(after(...watched, { type: 'local.moved', source }).video).toEqual({ ...video, source });
  expect(after(...watched, { type: 'local.leave' }).video).toBeNull();
});

test('a moment that is clicked is picked and highlighted', () => {
  expect(after(...watched, { type: 'local.pick', videoTime: 3 }).selection).toMatchObject({
    picked: { videoTime: 3 },
    highlighted: 3,
  });
});

test('the mouse points at a frame in silence, and leaves the picked moment highlighted', () => {
  const view = after(
    ...watched,
    { type: 'local.pick', videoTime: 3 },
    { type: 'local.point', frame: 1, aloud: false },
  );
  expect(view.selection).toMatchObject({ frame: 1, aloud: false, highlighted: 3 });
  expect(reduce(view, { type: 'local.point', frame: 1, aloud: false })).toBe(view);
});

test('the keyboard highlights the frame it goes to and has it read out; letting go highlights none', () => {
  const walked = after(...watched, { type: 'local.point', frame: 1, aloud: true });
  expect(walked.selection).toMatchObject({ frame: 1, aloud: true, highlighted: 0.5 });
  const freed = reduce(walked, { type: 'local.point', frame: null, aloud: true });
  expect(freed.selection).toMatchObject({ frame: null, highlighted: null });
});

test('starting again picks nothing', () => {
  const again = after(...watched, { type: 'local.pick', videoTime: 3 }, { type: 'local.again' });
  expect(again.selection).toEqual(emptyView.selection);
});
