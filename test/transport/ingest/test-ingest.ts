import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { SampleLibrary } from '../../../server/library/samples.js';
import { Ingest } from '../../../server/transport/ingest/ingest.js';
import { sourceOpener, type SourceRules } from '../../../server/transport/sessions/source-opener.js';
import { ffmpeg } from '../../support/clips.js';
import { FfmpegSender } from '../../support/live-senders.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

/** A server on a scripted model that takes pushed streams; `lines` is its log. */
export async function startIngestServer(
  options: Partial<Parameters<typeof Ingest.open>[0]> = {},
): Promise<IngestServer> {
  const lines: string[] = [];
  const ingest = await Ingest.open({
    ...{ rtmp: '127.0.0.1:0', srt: 'off', maxSenders: 4 },
    log: (message, cause) => lines.push(`${message}: ${String(cause)}`),
    ...options,
  });
  onTestFinished(() => ingest[Symbol.asyncDispose]());
  const openSource = sourceOpener({
    ...{ allowRoots: [], allowUrls: false, allowPrivateUrls: false, allowBundledFfmpeg: true, trusted: true },
    ...{ samples: new SampleLibrary('/nowhere'), uploads: {} as unknown as SourceRules['uploads'], ingest },
  });
  const { url } = await startTestServer({ openSource });
  const { port } = new URL((ingest.rtmpAddress ?? 'rtmp://127.0.0.1:1').replace('rtmp', 'http'));
  return { port: Number(port), lines, connect: () => TestClient.open(url) };
}

/** What a test needs of it. */
interface IngestServer {
  readonly port: number;
  readonly lines: readonly string[];
  readonly connect: () => Promise<TestClient>;
}

const encoding = ['-tune', 'zerolatency'];

/** Pushes made-up pictures and a tone as OBS would, until it is disposed of or has sent `seconds`. */
export function pushing({ url, key }: { url: string; key: string }, seconds = 60): FfmpegSender {
  const output = url.startsWith('srt:') ? ['-f', 'mpegts', url] : ['-f', 'flv', `${url}/${key}`];
  return new FfmpegSender([...encoding, '-t', String(seconds), ...output]);
}

/** Pushes, and resolves with what ffmpeg complained of and the status it ended with. */
export async function pushInVain({ url, key }: { url: string; key: string }): Promise<FailedPush> {
  const output = url.startsWith('srt:') ? ['-f', 'mpegts', url] : ['-f', 'flv', `${url}/${key}`];
  const input = ['-re', '-f', 'lavfi', '-i', 'testsrc=s=128x96:r=25', '-t', '20', '-c:v', 'libx264'];
  const child = spawn(ffmpeg.path, ['-v', 'warning', '-nostdin', ...input, ...encoding, ...output], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { stderr, status: child.exitCode };
}

interface FailedPush {
  readonly stderr: string;
  readonly status: number | null;
}
