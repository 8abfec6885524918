import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { DuetError } from '../../errors.js';
import { oneLine } from '../terminal/exit-code.js';
import { untilInterrupted } from '../terminal/interruption.js';
import type { CaptionSender } from './caption-sender.js';
import type { CaptionSink } from './caption-sink.js';

interface Flags {
  readonly to: readonly string[];
  readonly server: string;
  readonly obsPasswordFile?: string;
  readonly youtubeUrlFile?: string;
}

const examples = `
Secrets come from the environment, or a file that only you may read: other users see the command line.
  DUET_SESSION        in place of the session's id, which is the key to it
  DUET_OBS_PASSWORD   of OBS: Tools, WebSocket Server Settings
  DUET_YOUTUBE_URL    where YouTube takes captions: YouTube Studio, Closed captions, Post captions to URL

Examples:
  duet send --to obs://127.0.0.1:4455               captions in the stream of OBS
  duet send --to youtube --youtube-url-file key.txt
  duet send follow_… --server https://duet.example.org --to obs://127.0.0.1:4455`;

/** `duet send`: what a session says, elsewhere: as captions of OBS or of YouTube. */
export function sendCommand(): Command {
  return new Command('send')
    .description('send what a running session says to OBS or to YouTube, as captions')
    .argument('[session]', 'id of the session, a token that reads it, or latest (default: latest)')
    .requiredOption('--to <target>', 'obs://HOST:PORT or youtube; may be repeated', collectTarget)
    .option('--server <address>', 'where Duet serves', 'http://127.0.0.1:8787')
    .option('--obs-password-file <file>', 'file with the password of OBS')
    .option('--youtube-url-file <file>', 'file with the address from YouTube')
    .addHelpText('after', examples)
    .action(send);
}

function collectTarget(target: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, target];
}

async function send(named: string | undefined, flags: Flags): Promise<void> {
  // Imported here, so that help does not wait for them.
  const { CaptionSender } = await import('./caption-sender.js');
  const { followReplies } = await import('./follow-replies.js');
  const followed = { server: flags.server, session: named ?? process.env['DUET_SESSION'] ?? 'latest' };
  const senders: CaptionSender[] = [];
  try {
    for (const target of flags.to) senders.push(new CaptionSender(await openSink(target, flags), warn));
    const names = senders.map(({ name }) => name).join(' and ');
    const which = followed.session === 'latest' ? 'the newest session' : 'the session';
    warn(`sending what ${which} says to ${names}`);
    await untilInterrupted(async (signal) => {
      for await (const text of followReplies(followed, warn, signal)) {
        process.stdout.write(`${oneLine(text)}\n`);
        for (const sender of senders) sender.add(text);
      }
      await Promise.all(senders.map((sender) => sender.shown(signal)));
    });
  } finally {
    await Promise.all(senders.map((sender) => sender[Symbol.asyncDispose]()));
  }
}

async function openSink(target: string, flags: Flags): Promise<CaptionSink> {
  if (target === 'youtube') {
    const address = await secret('DUET_YOUTUBE_URL', flags.youtubeUrlFile);
    if (address !== null) return (await import('./youtube-captions.js')).openYoutubeCaptions(address);
    const message =
      'YouTube needs an address: put that of YouTube Studio into DUET_YOUTUBE_URL or --youtube-url-file';
    throw new DuetError('invalid_request', message);
  }
  if (target.startsWith('obs://')) {
    const { openObsCaptions } = await import('./obs-captions.js');
    return openObsCaptions(target, await secret('DUET_OBS_PASSWORD', flags.obsPasswordFile));
  }
  throw new DuetError(
    'invalid_request',
    `--to ${target} is not known: write obs://127.0.0.1:4455 or youtube`,
  );
}

/** What a file holds, else the environment; null if neither is given. */
async function secret(variable: string, file: string | undefined): Promise<string | null> {
  if (file === undefined) return process.env[variable] ?? null;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DuetError('not_found', `${file} cannot be read: name a file with the secret in it`, { cause });
  });
  return text.trim();
}

function warn(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
