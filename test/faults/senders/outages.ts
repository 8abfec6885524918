/**
 * Watches real senders of every kind that go away and come back, each in a session of its own on a real server,
 * and prints a line of JSON for each: when the first frame came, the gap, what was missed, and which events told
 * of it. The long form takes some five minutes, with an outage of 5 s for each and of 60 s for HLS and RTSP.
 *
 *   npx tsx test/faults/senders/outages.ts [--short] [--only NAME]
 */
import { ffmpeg } from '../../support/clips.js';
import { knowsProtocol } from '../../support/live-senders.js';
import { startPageServer, talkativeModel } from '../../support/page-server.js';
import { senders } from './sender.js';
import { watchOutage } from './watch-outage.js';

const short = process.argv.includes('--short');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const shortOnes = ['RTSP over TCP', 'HLS', 'MJPEG camera'];
const protocols: Readonly<Record<string, string>> = { RTMP: 'rtmp', SRT: 'srt' };

const server = await startPageServer({ clips: {}, question: '', model: talkativeModel() });
try {
  for (const [name, open] of Object.entries(senders)) {
    if ((only ?? name) !== name || (short && !shortOnes.includes(name))) continue;
    const protocol = protocols[name];
    if (protocol !== undefined && !knowsProtocol(protocol)) {
      print({ sender: name, skipped: `${ffmpeg.version} does not know ${protocol}` });
      continue;
    }
    for (const outageSeconds of outagesOf(name)) {
      const plan = { outageSeconds, aroundSeconds: short ? 3 : 10 };
      print({ sender: name, ...(await watchOutage(server.url, await open(), plan)) });
    }
  }
} finally {
  await server.close();
}

/** Seconds; a silence of datagrams is not noticed in the first five. */
function outagesOf(name: string): readonly number[] {
  if (short) return [3];
  if (name === 'MPEG-TS over UDP') return [8];
  return ['RTSP over TCP', 'HLS'].includes(name) ? [5, 60] : [5];
}

function print(report: object): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
