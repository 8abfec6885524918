import { Router } from 'express';
import { counterTable, type CounterName } from '../duet/record/counters.js';
import type { SessionRegistry } from '../duet/registry.js';
import { wireName } from '../settings/wire-name.js';

/** `GET /metrics`: what the server has done since its start, and what is open now, in Prometheus's format. */
export function metricsRoutes(registry: SessionRegistry): Router {
  return Router().get('/metrics', (_request, response) => {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(metricsText(registry));
  });
}

/** Prometheus's text format. */
export function metricsText({
  counters,
  occupancy,
  held,
}: Pick<SessionRegistry, 'counters' | 'occupancy' | 'held'>): string {
  const names = Object.keys(counterTable).filter((name): name is CounterName => name in counterTable);
  return [
    ...names.map((name) =>
      metric(`${wireName(name)}_total`, 'counter', counterTable[name], counters.get(name)),
    ),
    metric('sessions_open', 'gauge', 'Sessions that are open now', occupancy.sessions),
    metric('sessions_limit', 'gauge', 'Most sessions that may be open at once', occupancy.limit),
    metric('context_tokens', 'gauge', 'Tokens held in the contexts of open sessions', held.tokens),
    metric('context_bytes', 'gauge', 'Memory of these contexts, where it is known', held.bytes),
  ].join('');
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  return `# HELP duet_${name} ${help}\n# TYPE duet_${name} ${type}\nduet_${name} ${value}\n`;
}
