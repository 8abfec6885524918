import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DuetError } from '../../server/errors.js';
import { SampleLibrary } from '../../server/library/samples.js';
import { UploadStore } from '../../server/library/upload-store.js';
import type { DuetModel } from '../../server/runtime/model.js';
import { alreadyLoaded, ModelRegistry } from '../../server/runtime/model-registry.js';
import { serve, type RunningServer, type ServeOptions } from '../../server/transport/serve.js';
import type { OpenSource } from '../../server/transport/sessions/open-source.js';
import { defaultConnectionLimits, type ConnectionLimits } from '../../server/transport/websocket/services.js';
import type { FrameStream } from '../../server/video/stream.js';
import { modelByBrightness } from '../support/duet-session.js';

/** What a test changes. */
export interface TestServerOptions extends Partial<Omit<ServeOptions, 'limits'>> {
  readonly limits?: Partial<ConnectionLimits>;
  readonly model?: DuetModel;
  /** The stream of every source of type `sample`. */
  readonly stream?: () => FrameStream;
  readonly maxUploadBytes?: number;
}

/** A real server on a free port, by default on a scripted model; closed when the test ends. */
export async function startTestServer(options: TestServerOptions = {}): Promise<RunningServer> {
  const { limits, model = modelByBrightness(), stream, maxUploadBytes = 1_000_000, ...overrides } = options;
  const uploads = await UploadStore.create({ maxBytes: maxUploadBytes, maxUploads: 2, keepMs: 60_000 });
  const server = await serve({
    host: '127.0.0.1',
    port: 0,
    access: { allowOrigins: [], allowHosts: [] },
    maxSessions: 4,
    graceMs: 10_000,
    limits: { ...defaultConnectionLimits, ...limits },
    models: new ModelRegistry([alreadyLoaded(model)]),
    openSource: openTestSource(stream),
    samples: new SampleLibrary('/nonexistent'),
    uploads,
    pageFolder: '/nonexistent',
    now: () => performance.now(),
    newId: randomUUID,
    log: () => undefined,
    ...overrides,
  });
  onTestFinished(async () => {
    await server.close();
    await uploads[Symbol.asyncDispose]();
  });
  return server;
}

function openTestSource(stream: TestServerOptions['stream']): OpenSource {
  return (request) => {
    if (request.type !== 'sample' || !stream) {
      return Promise.reject(new DuetError('not_found', `There is no ${request.type} here`));
    }
    return Promise.resolve({ stream: stream(), name: `sample:${request.name}`, realtime: false, push: null });
  };
}

/** An empty folder, deleted when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
