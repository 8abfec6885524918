import { expect, test } from 'vitest';
import { Capacity } from '../../server/duet/capacity/capacity.js';
import { Counters, counterTable } from '../../server/duet/record/counters.js';
import { wireName } from '../../server/settings/wire-name.js';
import { metricsText } from '../../server/transport/metrics.js';
import { modelByBrightness } from '../support/duet-session.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';
import { TestClient } from './test-client.js';
import { startTestServer } from './test-server.js';

/** The value of each metric. */
function valuesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]),
  );
}

test('every counter and what is open now has a name, a type, a meaning and a value', () => {
  const counters = new Counters();
  counters.add('framesScored', 3);
  const now = () => 0;
  const capacity = new Capacity({ targetMs: 1000, now, counters, cores: 2 });
  const load = { frameMs: 12.5, encodedPictures: 7, workers: [{ contexts: 1, realtime: 0.25, fast: 0 }] };
  const model = Object.assign(modelByBrightness(), { load });
  capacity.admit({ model, worker: 0, fps: 2, contexts: () => 1 });
  capacity.noteDelay({ model, worker: 0 }, { lateMs: 40, waitedMs: 40 });
  const text = metricsText({
    counters,
    occupancy: { sessions: 1, limit: 8 },
    held: { tokens: 30, bytes: 4096 },
    capacity,
  });
  expect(text).toContain(
    '# HELP duet_frames_scored_total Frames that the models have scored\n' +
      '# TYPE duet_frames_scored_total counter\n' +
      'duet_frames_scored_total 3\n',
  );
  expect(valuesOf(text)).toMatchObject({
    duet_sessions_open: 1,
    duet_sessions_limit: 8,
    ...{ duet_context_tokens: 30, duet_context_bytes: 4096 },
    duet_sources_admitted_total: 1,
    duet_sources_realtime: 1,
    'duet_frame_lateness_seconds{quantile="0.99"}': 0.04,
    'duet_worker_busy_ratio{model="fake",worker="0",pace="realtime"}': 0.25,
    'duet_model_frame_seconds{model="fake"}': 0.0125,
    'duet_pictures_encoded_total{model="fake"}': 7,
    duet_cores: 2,
  });
  for (const name of Object.keys(counterTable)) expect(text).toContain(`duet_${wireName(name)}_total `);
  const sample = /^duet_[a-z_]+(\{[a-z]+="[^"]+"(,[a-z]+="[^"]+")*\})? \d+(\.\d+)?$/;
  for (const line of text.trimEnd().split('\n')) {
    if (!/^(# HELP duet_[a-z_]+ .+|# TYPE duet_[a-z_]+ (counter|gauge))$/.test(line))
      expect(line).toMatch(sample);
  }
});

test('what happens in sessions is counted at /metrics', async () => {
  const { url } = await startTestServer({ stream: () => new FakeStream(fakeFrames([1, 2, 3])) });
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' });
  await client.next('source.ended');
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(valuesOf(await response.text())).toMatchObject({
    duet_sessions_opened_total: 1,
    duet_frames_scored_total: 3,
    duet_sessions_open: 1,
  });
});

test('a page of another site reads no metrics', async () => {
  const { url } = await startTestServer();
  const response = await fetch(`${url}/metrics`, { headers: { origin: 'https://evil.example' } });
  expect(response.status).toBe(403);
});
