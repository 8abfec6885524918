/**
 * Kills `duet serve`, or an ffmpeg of its, with SIGKILL at random moments while clients watch, and checks
 * each time that everything a client has seen is in the record, that sessions go on with rising numbers and
 * nothing twice, that no ffmpeg stays behind, and how soon the server answers again. The model runs in
 * threads of the server, so there is no process of its own to kill. Linux; about three seconds a kill.
 *
 *   npm run build && npx tsx test/faults/killed-anytime.ts [--kills 200] [--seed 1] [--rounds FILE]
 *
 * The kills come in rounds of twenty, each with a new server and the next seed. Progress is on stderr. FILE
 * gets a line of JSON for each round, and those it has already are not played again, so a run that was
 * stopped goes on. Prints one JSON object over all rounds; exits with 1 if anything was lost.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { quantile } from '../soak/watch-session.js';
import { killedRound, type KilledRound } from './killed-round.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
  },
});
const [kills, firstSeed] = [Number(values.kills), Number(values.seed)];
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(firstSeed) || firstSeed < 0)
  throw new Error(
    `--kills ${values.kills} and --seed ${values.seed} must be whole numbers, and at least one kill`,
  );
const killsInRound = 20;
const file = values.rounds;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const rounds = file !== undefined && existsSync(file) ? readRounds(file) : [];
for (let [left, seed] = [kills, firstSeed]; left > 0; left -= killsInRound, seed += 1) {
  if (rounds.some((round) => round.seed === seed)) {
    process.stderr.write(`seed ${seed}: played before\n`);
    continue;
  }
  const plan = { kills: Math.min(left, killsInRound), seed };
  const round = await killedRound(plan, (line) => process.stderr.write(`seed ${seed}, ${line}\n`));
  rounds.push(round);
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(round)}\n`);
}
process.stdout.write(`${JSON.stringify(summaryOf(rounds))}\n`);
process.exitCode = rounds.every(({ faults }) => faults.length === 0) ? 0 : 1;

function readRounds(path: string): KilledRound[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as KilledRound);
}

function summaryOf(played: readonly KilledRound[]): object {
  const sum = (of: (round: KilledRound) => number): number =>
    played.reduce((total, round) => total + of(round), 0);
  const spread = (list: readonly number[]): object => ({
    ...{ median: quantile(list, 0.5), p95: quantile(list, 0.95), most: quantile(list, 1) },
    ...{ over3s: list.filter((ms) => ms > 3000).length },
  });
  return {
    rounds: played.length,
    kills: { server: sum((round) => round.kills.server), ffmpeg: sum((round) => round.kills.ffmpeg) },
    ...{ events: sum(({ events }) => events), frames: sum(({ frames }) => frames) },
    replies: sum(({ replies }) => replies),
    ...{ reopened: sum(({ reopened }) => reopened), sourcesFailed: sum((round) => round.sourcesFailed) },
    restartMs: spread(played.flatMap(({ restartMs }) => restartMs)),
    noFfmpegAfterMs: spread(played.flatMap(({ noFfmpegAfterMs }) => noFfmpegAfterMs)),
    seconds: sum(({ seconds }) => seconds),
    faults: played
      .flatMap(({ seed, faults }) => faults.map((fault) => `seed ${seed}: ${fault}`))
      .slice(0, 20),
  };
}
