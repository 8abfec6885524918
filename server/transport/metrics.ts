import { Router } from 'express';
import type { CapacityUse } from '../duet/capacity/capacity.js';
import { counterTable, type CounterName } from '../duet/record/counters.js';
import type { SessionRegistry } from '../duet/registry.js';
import type { DuetModel, ModelLoad } from '../runtime/model.js';
import { wireName } from '../settings/wire-name.js';

/** `GET /metrics`: what the server has done since its start, and what is open now, in Prometheus's format. */
export function metricsRoutes(registry: SessionRegistry): Router {
  return Router().get('/metrics', (_request, response) => {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(metricsText(registry));
  });
}

/** Prometheus's text format. */
export function metricsText({ counters, occupancy, held, capacity }: Measured): string {
  const names = Object.keys(counterTable).filter((name): name is CounterName => name in counterTable);
  return [
    ...names.map((name) =>
      metric(`${wireName(name)}_total`, 'counter', counterTable[name], counters.get(name)),
    ),
    metric('sessions_open', 'gauge', 'Sessions that are open now', occupancy.sessions),
    metric('sessions_limit', 'gauge', 'Most sessions that may be open at once', occupancy.limit),
    metric('context_tokens', 'gauge', 'Tokens held in the contexts of open sessions', held.tokens),
    metric('context_bytes', 'gauge', 'Memory of these contexts, where it is known', held.bytes),
    ...machineMetrics(capacity.use),
    ...modelMetrics(capacity.use.models),
  ].join('');
}

type Measured = Pick<SessionRegistry, 'counters' | 'occupancy' | 'held'> & {
  readonly capacity: Pick<SessionRegistry['capacity'], 'use'>;
};

function machineMetrics(use: CapacityUse): readonly string[] {
  const late = [
    { labels: { quantile: '0.5' }, value: seconds(use.lateMedianMs) },
    { labels: { quantile: '0.99' }, value: seconds(use.lateMs) },
  ];
  const used = [
    { labels: { by: 'server' }, value: rounded(use.ownCores) },
    { labels: { by: 'decoders' }, value: rounded(use.decoderCores) },
    { labels: { by: 'expected' }, value: rounded(use.expectedCores) },
  ];
  return [
    metric('sources_realtime', 'gauge', 'Sources that are watched in real time now', use.sources),
    metric('frame_lateness_seconds', 'gauge', 'From the time of frames to their scores, in 10 s', late),
    metric('cores', 'gauge', 'Cores of this machine', use.cores),
    metric('cores_used', 'gauge', 'Cores in use in 10 s, and those expected for realtime sources', used),
  ];
}

function modelMetrics(models: readonly DuetModel[]): readonly string[] {
  const loads = models.flatMap(({ capabilities: { name }, load }) => (load ? [{ name, load }] : []));
  if (loads.length === 0) return [];
  const perModel = (value: (load: ModelLoad) => number) =>
    loads.map(({ name, load }) => ({ labels: { model: name }, value: value(load) }));
  const busy = loads.flatMap(({ name, load }) =>
    load.workers.flatMap(({ realtime, fast }, worker) =>
      Object.entries({ realtime, fast }).map(([pace, share]) => {
        return { labels: { model: name, worker: String(worker), pace }, value: rounded(share) };
      }),
    ),
  );
  const frame = perModel(({ frameMs }) => seconds(frameMs));
  const encoded = perModel(({ encodedPictures }) => encodedPictures);
  return [
    metric('worker_busy_ratio', 'gauge', 'Share of the time in which model calls ran, in 10 s', busy),
    metric('model_frame_seconds', 'gauge', 'Model time of a realtime frame, replies included', frame),
    metric('pictures_encoded_total', 'counter', 'Pictures that a vision encoder has seen', encoded),
  ];
}

/** A metric in the text format, with one value or one for each set of labels. */
function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: number | readonly Labelled[],
): string {
  const lines = typeof values === 'number' ? [{ labels: {}, value: values }] : values;
  const samples = lines.map(({ labels, value }) => `duet_${name}${labelsText(labels)} ${value}\n`);
  return `# HELP duet_${name} ${help}\n# TYPE duet_${name} ${type}\n${samples.join('')}`;
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function labelsText(labels: Labelled['labels']): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function seconds(milliseconds: number | null): number {
  return rounded((milliseconds ?? 0) / 1000);
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
