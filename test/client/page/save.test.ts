import { expect, test } from 'vitest';
import { spokenTurns, transcript } from '../../../client/page/talk/transcript.js';
import { subRip, webVtt } from '../../../server/protocol/subtitles.js';
import { reduce } from '../../../client/page/state/reduce.js';
import { emptyView, type DuetView } from '../../../client/page/state/view.js';
import { done, frame, inserted, opened, sourceOpened, started, suppressed } from '../wire-events.js';

function talk(): DuetView {
  return [
    opened(),
    sourceOpened({ seq: 2 }),
    frame({ video_time: 1 }),
    started({ response_id: 'r1', video_time: 1 }),
    done({ response_id: 'r1', text: 'A dog <runs> & barks.' }),
    inserted({ text: 'Which colour?', video_time: 61.25 }),
    started({ response_id: 'r2', video_time: 62 }),
    done({ response_id: 'r2', text: 'Brown.\n\nIt is --> brown.', status: 'cancelled' }),
    { type: 'local.say', eventId: 'c9', text: 'not sent yet' } as const,
  ].reduce(reduce, emptyView);
}

test('a subtitle is shown as long as it takes to read, for a second at least where more is said', () => {
  expect(spokenTurns(talk().turns)).toMatchObject([
    { who: 'Duet', from: 1, to: 3 },
    { who: 'You', from: 61.25, to: 62.25 },
    { who: 'Duet', from: 62.25, to: 64.25 },
  ]);
});

test('things said at the same moment follow each other', () => {
  const view = [inserted({ video_time: 5 }), started({ video_time: 5 }), done()].reduce(reduce, emptyView);
  expect(spokenTurns(view.turns)).toMatchObject([
    { who: 'You', from: 5, to: 6 },
    { who: 'Duet', from: 6, to: 8 },
  ]);
});

test('SubRip has numbered cues with decimal commas and no blank line within a cue', () => {
  expect(subRip(spokenTurns(talk().turns))).toBe(
    [
      ['1', '00:00:01,000 --> 00:00:03,000', 'Duet: A dog <runs> & barks.', ''],
      ['2', '00:01:01,250 --> 00:01:02,250', 'You: Which colour?', ''],
      ['3', '00:01:02,250 --> 00:01:04,250', 'Duet: Brown. It is -> brown.', ''],
    ]
      .map((cue) => cue.join('\n'))
      .join('\n'),
  );
});

test('WebVTT names the speaker in a voice tag and escapes markup', () => {
  const text = webVtt(spokenTurns(talk().turns));
  expect(
    text.startsWith('WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Duet>A dog &lt;runs&gt; &amp; barks.\n'),
  ).toBe(true);
  expect(text).toContain('00:01:01.250 --> 00:01:02.250\n<v You>Which colour?\n');
});

test('the time of a cue is rounded once: 59.9996 s is a minute', () => {
  expect(webVtt([{ who: 'Duet', text: 'x', from: 59.9996, to: 3600, named: false }])).toContain(
    '00:01:00.000 --> 01:00:00.000',
  );
});

test('JSON carries the conversation with its status, the settings and every frame', () => {
  const saved: unknown = JSON.parse(transcript(talk(), 'json').text);
  expect(saved).toMatchObject({
    model: 'fake',
    source: 'street',
    settings: { cooldown: 0 },
    turns: [
      { role: 'assistant', video_time: 1, status: 'completed' },
      { role: 'user', video_time: 61.25, text: 'Which colour?' },
      { role: 'assistant', video_time: 62, status: 'cancelled' },
      { role: 'user', video_time: null, text: 'not sent yet' },
    ],
    frames: [{ type: 'frame.scored', video_time: 1 }],
  });
});

test('what was suppressed is saved only while it is shown, and never as a subtitle', () => {
  const view = [started(), done({ text: 'A dog' }), suppressed()].reduce(reduce, emptyView);
  const turnsOf = (saved: DuetView): unknown =>
    (JSON.parse(transcript(saved, 'json').text) as { turns: unknown }).turns;
  expect(turnsOf(view)).toMatchObject([{ role: 'assistant', status: 'completed' }]);
  const shown = reduce(view, { type: 'local.suppressed', shown: true });
  expect(turnsOf(shown)).toMatchObject([
    { status: 'completed' },
    { role: 'assistant', status: 'suppressed' },
  ]);
  expect(spokenTurns(shown.turns)).toHaveLength(1);
});

test('CSV is a table of what was said, in which no text becomes a formula', () => {
  const view = [
    inserted({ text: '=1+1', video_time: 2 }),
    started({ video_time: 5 }),
    done({ text: 'A "dog".' }),
  ];
  expect(transcript(view.reduce(reduce, emptyView), 'csv').text).toBe(
    'video_time,elapsed_ms,role,status,text\r\n2,,user,,"\'=1+1"\r\n5,,assistant,completed,"A ""dog""."\r\n',
  );
});

test.each(['srt', 'vtt', 'csv', 'json'] as const)('%s leaves out what the user wrote', (format) => {
  const { text } = transcript(talk(), format, { user: false });
  expect(text).toContain('barks.');
  expect(text).not.toMatch(/colour|You: |Duet: |"user"|<v You>/);
});
