/**
 * Watches real senders of every kind that go away and come back, each in a session of its own on a real
 * server, and prints a line of JSON for each: when the first frame came, the gap, what was missed, and which
 * events told of it. The long form takes some nine minutes, with an outage of 5 s for each, and of 60 s for
 * RTSP, HLS and the senders that push into the server. Progress is on stderr; exits with 1 if one of them
 * failed.
 *
 *   npx tsx test/faults/senders/outages.ts [--short] [--only NAME] [--seconds 5,60]
 */
import { Ingest } from '../../../server/transport/ingest/ingest.js';
import { chromiumPath, withoutChromium } from '../../support/chromium.js';
import { ffmpeg } from '../../support/clips.js';
import { freePort, knowsProtocol } from '../../support/live-senders.js';
import { startPageServer, talkativeModel } from '../../support/page-server.js';
import { watchCutRecorder } from './cut-recorder.js';
import { senders } from './sender.js';
import { watchOutage, type OutagePlan } from './watch-outage.js';

const short = process.argv.includes('--short');
const only = valueOf('--only');
const seconds = valueOf('--seconds')?.split(',').map(Number);
const shortOnes = ['RTSP over TCP', 'HLS', 'MJPEG camera', 'RTMP pushed'];
const longOnes = ['RTSP over TCP', 'HLS', 'RTMP pushed', 'SRT pushed'];
const recorder = 'MediaRecorder in Chromium';
const protocols: Readonly<Record<string, string>> = {
  ...{ RTMP: 'rtmp', 'RTMP pushed': 'rtmp', SRT: 'srt', 'SRT pushed': 'srt' },
};

const names = [...Object.keys(senders), recorder];
if (only !== undefined && !names.includes(only))
  throw new Error(`--only ${only} must be one of: ${names.join(', ')}`);
await using ingest = await Ingest.open({
  ...{ rtmp: '127.0.0.1:0', srt: `127.0.0.1:${await freePort()}`, maxSenders: 4 },
  log: (message) => process.stderr.write(`${message}\n`),
});
const server = await startPageServer({ clips: {}, question: '', model: talkativeModel(), ingest });
try {
  for (const [name, open] of Object.entries(senders)) {
    if ((only ?? name) !== name || (short && only === undefined && !shortOnes.includes(name))) continue;
    const protocol = protocols[name];
    if (protocol !== undefined && !knowsProtocol(protocol)) {
      print({ sender: name, skipped: `${ffmpeg.version} does not know ${protocol}` });
      continue;
    }
    for (const outageSeconds of outagesOf(name)) {
      const plan = { outageSeconds, aroundSeconds: short ? 3 : 10 };
      await printRow(name, plan, async () => watchOutage(server.url, await open(), plan));
    }
  }
  if ((only ?? recorder) === recorder && !short) await recordInBrowser();
} finally {
  await server.close();
}

/** The client resumes its session only within the server's grace of ten seconds. */
async function recordInBrowser(): Promise<void> {
  if (chromiumPath === null) {
    print({ sender: recorder, skipped: withoutChromium });
    return;
  }
  const plan = { outageSeconds: 5, aroundSeconds: 10 };
  const path = chromiumPath;
  await printRow(recorder, plan, () => watchCutRecorder(server.url, path, plan));
}

/** A row that fails is told, and the others follow. */
async function printRow(sender: string, plan: OutagePlan, watch: () => Promise<object>): Promise<void> {
  const { outageSeconds } = plan;
  process.stderr.write(`${sender}, away for ${outageSeconds} s\n`);
  try {
    print({ sender, ...(await watch()) });
  } catch (thrown) {
    print({ sender, outageSeconds, failed: thrown instanceof Error ? thrown.message : String(thrown) });
    process.exitCode = 1;
  }
}

/** Seconds; a silence of datagrams is not noticed in the first five. */
function outagesOf(name: string): readonly number[] {
  if (seconds !== undefined) return seconds;
  if (short) return [3];
  if (name === 'MPEG-TS over UDP') return [8];
  return longOnes.includes(name) ? [5, 60] : [5];
}

function valueOf(flag: string): string | undefined {
  return process.argv.includes(flag) ? process.argv[process.argv.indexOf(flag) + 1] : undefined;
}

function print(report: object): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
