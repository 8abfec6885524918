import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageFolder } from '../../server/package-folder.js';
import type { RecordStore } from '../../server/records/record-store.js';
import type { DuetModel } from '../../server/runtime/model.js';
import { alreadyLoaded, ModelRegistry } from '../../server/runtime/model-registry.js';
import type { Ingest } from '../../server/transport/ingest/ingest.js';
import { sourceOpener } from '../../server/transport/sessions/source-opener.js';
import { SampleLibrary } from '../../server/library/samples.js';
import { serve, type RunningServer } from '../../server/transport/serve.js';
import { defaultConnectionLimits } from '../../server/transport/websocket/services.js';
import { UploadStore } from '../../server/library/upload-store.js';
import { ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';

/** What the page is tried on. */
export interface PageServerOptions {
  /** Video files by the name of the sample. */
  readonly clips: Readonly<Record<string, string>>;
  /** A question that goes with every clip. */
  readonly question: string;
  readonly port?: number;
  /** Folder of the built page; default that of `npm run build`. */
  readonly pageFolder?: string;
  readonly model?: DuetModel;
  /** Models besides that one, which is the default. */
  readonly others?: readonly DuetModel[];
  /** Takes what senders push; default: nothing. */
  readonly ingest?: Ingest;
  /** Keeps sessions, which may be listed; default: in memory only. */
  readonly records?: RecordStore;
}

/**
 * The real server with the built page, real video and a model that follows a script; `close` removes
 * everything.
 */
export async function startPageServer(options: PageServerOptions): Promise<RunningServer> {
  const folder = await samplesFolder(options);
  const samples = new SampleLibrary(folder);
  const given = options.ingest === undefined ? {} : { ingest: options.ingest };
  const uploads = await UploadStore.create({ maxBytes: 50_000_000, maxUploads: 4, keepMs: 600_000 });
  const server = await serve({
    host: '127.0.0.1',
    port: options.port ?? 0,
    access: { allowOrigins: [], allowHosts: [] },
    maxSessions: 4,
    graceMs: 10_000,
    limits: defaultConnectionLimits,
    models: new ModelRegistry(
      [options.model ?? talkativeModel(), ...(options.others ?? [])].map(alreadyLoaded),
    ),
    openSource: sourceOpener({
      allowRoots: [],
      allowUrls: false,
      allowPrivateUrls: false,
      allowBundledFfmpeg: true,
      trusted: true,
      samples,
      uploads,
      ...given,
    }),
    samples,
    records: options.records ?? null,
    mayListSessions: options.records !== undefined,
    addresses: { isAny: true, isPrivate: true },
    uploads,
    ...given,
    pageFolder: options.pageFolder ?? join(packageFolder, 'dist', 'client'),
    now: () => performance.now(),
    newId: randomUUID,
    log: () => undefined,
  });
  const close = async (): Promise<void> => {
    await server.close();
    await uploads[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...server, close };
}

/** Finds something new in every fourth frame and says so word by word, at the pace of a small model. */
export function talkativeModel(wordMs = 100): ScriptedModel {
  return new ScriptedModel({
    scores: (_picture, position) => ({
      informative: position % 4 === 2 ? 0.9 : 0.12 + 0.05 * (position % 4),
      relevance: 0.3 + 0.25 * Math.sin(position / 2),
    }),
    replies: (number) => words(replies[number % replies.length] ?? '', wordMs),
    capabilities: { name: 'scripted' },
  });
}

const replies = [
  'A red kite appears at the top and drifts to the left.',
  'Two white boats come into view behind the pier.',
  'The dog lies down; a child in a yellow coat walks up to it.',
  'A sign now reads OPEN.',
];

async function* words(text: string, wordMs: number): AsyncGenerator<string> {
  for (const word of text.match(/\S+\s*/g) ?? []) {
    await pause(wordMs);
    yield word;
  }
}

async function samplesFolder({ clips, question }: PageServerOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-page-'));
  await mkdir(join(folder, 'clips'));
  await mkdir(join(folder, 'annotations'));
  const entries = Object.entries(clips);
  await Promise.all(entries.map(([name, path]) => symlink(path, join(folder, 'clips', `${name}.mp4`))));
  const annotations = entries.map(([name]) => ({
    video: `${name}.mp4`,
    conversation: [{ role: 'user', content: question, time: 0 }],
  }));
  await writeFile(join(folder, 'annotations', 'magqa.json'), JSON.stringify(annotations));
  return folder;
}
