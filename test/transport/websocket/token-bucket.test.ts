import { expect, test } from 'vitest';
import { MessageBudget } from '../../../server/transport/websocket/message-budget.js';
import { TokenBucket } from '../../../server/transport/websocket/token-bucket.js';

test('a budget can be spent at once, refills over time, and never exceeds its burst', () => {
  let now = 0;
  const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, () => now);
  expect([bucket.trySpend(), bucket.trySpend(), bucket.trySpend(), bucket.trySpend()]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  now = 500;
  expect([bucket.trySpend(), bucket.trySpend()]).toEqual([true, false]);
  now = 1e9;
  expect(bucket.level).toBe(3);
});

test('debt is paid off by time alone', () => {
  let now = 0;
  const bucket = new TokenBucket({ burst: 10, perSecond: 100 }, () => now);
  bucket.spend(60);
  expect([bucket.debtMs, bucket.hasRecovered]).toEqual([500, false]);
  now = 500;
  expect([bucket.debtMs, bucket.level]).toEqual([0, 0]);
  now = 550;
  expect(bucket.hasRecovered).toBe(true);
});

const rates = {
  messages: { burst: 10, perSecond: 10 },
  textBytes: { burst: 1000, perSecond: 1000 },
  pictureBytes: { burst: 1e6, perSecond: 1e6 },
  patienceMs: 2000,
};
const small = { kind: 'text', bytes: new Uint8Array(1) } as const;

test.each([
  ['messages', { ...small }, 11, 100],
  ['control frames', { kind: 'ping', bytes: new Uint8Array(0) } as const, 11, 100],
  ['bytes of text', { kind: 'text', bytes: new Uint8Array(600) } as const, 2, 200],
  ['bytes of pictures', { kind: 'binary', bytes: new Uint8Array(750_000) } as const, 2, 500],
])('too many %s hold reading up until the debt is paid off', (_what, message, count, holdMs) => {
  const budget = new MessageBudget(rates, () => 0);
  for (let index = 1; index < count; index += 1) budget.spend(message);
  expect(budget.holdMs).toBe(0);
  budget.spend(message);
  expect(budget.holdMs).toBe(holdMs);
});

test('a client that is held back for longer than the patience lasts is a flood', () => {
  let now = 0;
  const budget = new MessageBudget(rates, () => now);
  for (let count = 0; count < 11; count += 1) budget.spend(small);
  for (; now < 1800; now += 100) {
    budget.spend(small);
    expect(budget.isFlooded).toBe(false);
  }
  for (let count = 0; count < 5; count += 1) budget.spend(small);
  expect(budget.isFlooded).toBe(true);
});

test('bursts with pauses between them are not a flood, however many come', () => {
  let now = 0;
  const budget = new MessageBudget(rates, () => now);
  for (let burst = 0; burst < 20; burst += 1) {
    for (let count = 0; count < 15; count += 1) budget.spend(small);
    expect([budget.holdMs > 0, budget.isFlooded]).toEqual([true, false]);
    now += 1500;
  }
});
