import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dice } from '../fuzz/dice.js';
import { KilledServer } from './killed-server-process.js';
import { RecordedClient } from './recorded-client.js';

/**
 * Kills a server of its own, or an ffmpeg of it, at moments that the seed chooses, while three clients watch,
 * and checks after each kill that all they have seen is on record. `tell` hears of each kill.
 */
export async function killedRound(
  { kills, seed }: KilledRoundPlan,
  tell: (line: string) => void,
): Promise<KilledRound> {
  const folder = mkdtempSync(join(tmpdir(), 'duet-killed-'));
  const dice = new Dice(seed);
  const clients = watchers();
  await using server = new KilledServer(folder);
  const killed = { server: 0, ffmpeg: 0 };
  const began = performance.now();
  try {
    await server.start();
    for (const client of clients) await client.connect(server.url);
    for (let kill = 1; kill <= kills; kill += 1) {
      await sleep(50 + dice.below(2500));
      if (dice.chance(0.3)) clients[0]?.send({ type: 'user.text', text: `What happens? (${kill})` });
      const decoders = server.decoders();
      const what = decoders.length > 0 && dice.chance(0.5) ? 'ffmpeg' : 'server';
      killed[what] += 1;
      if (what === 'ffmpeg') server.killOne(decoders, dice);
      else await killAndResume(server, clients);
      tell(
        `kill ${kill} of ${kills}: ${what}, ${seenBy(clients)} events, ${faultsOf(clients).length} faults`,
      );
    }
    await sleep(1000);
    for (const client of clients) await client.check();
  } catch (thrown) {
    clients[0]?.faults.push(`the round broke off: ${String(thrown)}`);
  } finally {
    for (const client of clients) client.close();
  }
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  const { restartMs, orphanMs } = server;
  const seconds = Math.round((performance.now() - began) / 1000);
  return { seed, kills: killed, ...tallyOf(clients), restartMs, noFfmpegAfterMs: orphanMs, seconds };
}

/** How many kills, and which. */
interface KilledRoundPlan {
  readonly kills: number;
  readonly seed: number;
}

/** What a round of kills did. */
export interface KilledRound {
  readonly seed: number;
  readonly kills: Readonly<Record<'server' | 'ffmpeg', number>>;
  /** Events that clients have seen, and how many of them were scored frames. */
  readonly events: number;
  readonly frames: number;
  readonly replies: number;
  readonly reopened: number;
  readonly sourcesFailed: number;
  /** Milliseconds from each start of the server to its first answer. */
  readonly restartMs: readonly number[];
  /** Milliseconds from each kill of the server until no ffmpeg of it was left. */
  readonly noFfmpegAfterMs: readonly number[];
  /** What was lost, came twice, or stayed behind. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

function watchers(): readonly RecordedClient[] {
  const play = (name: string, pacing: string): object => ({
    ...{ type: 'source.start', source: { type: 'sample', name }, pacing },
  });
  const often = { policy: { type: 'sum', threshold: 0.001 } };
  return [
    new RecordedClient(often, play('street', 'realtime')),
    new RecordedClient({ ...often, cooldown: 1 }, play('kitchen', 'realtime')),
    new RecordedClient({ policy: { type: 'threshold', threshold: 0.3 } }, play('shop', 'fast')),
  ];
}

async function killAndResume(server: KilledServer, clients: readonly RecordedClient[]): Promise<void> {
  const { orphansGone } = await server.kill();
  await server.start();
  await Promise.all(clients.map((client) => client.connect(server.url)));
  if ((await orphansGone) === null) clients[0]?.faults.push('an ffmpeg of a killed server lives on');
  for (const client of clients) await client.check();
}

type Tally = Pick<KilledRound, 'events' | 'frames' | 'replies' | 'reopened' | 'sourcesFailed' | 'faults'>;

function tallyOf(clients: readonly RecordedClient[]): Tally {
  const count = (type: string): number => clients.reduce((sum, { types }) => sum + (types.get(type) ?? 0), 0);
  const frames = count('frame.scored');
  const idle = frames === 0 ? ['no frame was scored, so nothing was shown'] : [];
  return {
    ...{ events: seenBy(clients), frames, replies: count('response.done') },
    ...{ reopened: count('session.reopened'), sourcesFailed: count('source.failed') },
    faults: [...faultsOf(clients), ...idle],
  };
}

function seenBy(clients: readonly RecordedClient[]): number {
  return clients.reduce((sum, { seen }) => sum + seen.size, 0);
}

/**
 * A client may ask for a source in the moment in which the server has opened it again, and hears of an ffmpeg
 * that was killed before its first frame.
 */
function faultsOf(clients: readonly RecordedClient[]): readonly string[] {
  const faults = clients.flatMap((client) => client.faults);
  return faults.filter((fault) => !/has a source already|was killed from outside/.test(fault));
}
