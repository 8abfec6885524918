import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { DuetError, toDuetError } from '../errors.js';
import type { McpHost } from './mcp-host.js';
import { waitForReply, type Told } from './wait-for-reply.js';
import type { Watch, Watches } from './watches.js';

/** Adds the tools; what they throw reaches the assistant as an error with its remedy. */
export function addTools(server: McpServer, watches: Watches, host: Pick<McpHost, 'samples'>): void {
  addWatch(server, watches, host);
  addAsk(server, watches);
  addWaitFor(server, watches);
  addList(server, watches, host);
  server.registerTool(
    'stop',
    { description: 'End a watch and free what it holds.', inputSchema: { watch_id: watchId } },
    async ({ watch_id }) => {
      await watches.stop(watch_id);
      return answer({ stopped: watch_id });
    },
  );
}

const watchId = z.string().max(100).describe('What `watch` answered with');
const question = z.string().min(1).max(4000);

/** A day; assistants usually wait for much less. */
const longestWait = 86_400;

function addWatch(server: McpServer, watches: Watches, { samples }: Pick<McpHost, 'samples'>): void {
  const inputSchema = {
    source: z
      .string()
      .min(1)
      .max(4000)
      .describe(
        'Path of a video file, an address (http, rtsp, rtmp, srt, HLS), or the name of a bundled clip',
      ),
    question: question.optional().describe('What the model should tell about from the beginning'),
    pace: z
      .enum(['realtime', 'fast'])
      .default('realtime')
      .describe('fast: a file as fast as the model goes; live sources are always in real time'),
  };
  const description =
    'Begin to watch a video or a live stream. Answers with the watch_id as soon as it plays.';
  server.registerTool('watch', { description, inputSchema }, async ({ source: name, question, pace }) => {
    const found = sourceNamed(name, await samples());
    const watch = await watches.start({ ...found, name, question, pacing: pace }).catch((thrown: unknown) => {
      const { code, message } = toDuetError(thrown);
      if (code !== 'not_found' || found.source.type !== 'file') throw thrown;
      throw new DuetError(code, `${message}: start duet mcp with --allow-root and its folder`, {
        cause: thrown,
      });
    });
    return answer({ ...described(watch), transcript: `duet://watches/${watch.id}/transcript` });
  });
}

function addAsk(server: McpServer, watches: Watches): void {
  const timeout = z.number().min(1).max(600).default(30);
  const inputSchema = { watch_id: watchId, question, timeout_seconds: timeout };
  const description =
    'Ask something about what is to be seen now. Answers with what the model says next, or that it said nothing in time.';
  server.registerTool('ask', { description, inputSchema }, async (asked, { signal }) => {
    const watch = watches.get(asked.watch_id);
    const { session, source } = watch.hosted;
    await session.requireFits(asked.question);
    const after = session.log.lastSeq;
    source.addUserText(asked.question, {});
    void source.lookAgain().catch(() => undefined);
    const timeoutMs = asked.timeout_seconds * 1000;
    return told(await waitForReply(watch, { questionId: null, after, timeoutMs }, signal), watch);
  });
}

function addWaitFor(server: McpServer, watches: Watches): void {
  const inputSchema = {
    watch_id: watchId,
    question: question.describe('What to wait for, as in "A dog comes in"'),
    threshold: z.number().min(0).max(2).optional().describe('How sure: what the score must exceed'),
    timeout_seconds: z.number().min(1).max(longestWait).default(300),
  };
  const description =
    'Wait until the model tells about something. Answers when it does, at the end of the video, or after the timeout.';
  server.registerTool('wait_for', { description, inputSchema }, async (asked, extra) => {
    const watch = watches.get(asked.watch_id);
    const { session, source } = watch.hosted;
    const after = session.log.lastSeq;
    const { questionId } = await source.addQuestion(asked.question, {
      ...(asked.threshold !== undefined && { threshold: asked.threshold }),
    });
    const onProgress = progressOf(extra);
    const timeoutMs = asked.timeout_seconds * 1000;
    try {
      void source.lookAgain().catch(() => undefined);
      return told(
        await waitForReply(watch, { questionId, after, timeoutMs, onProgress }, extra.signal),
        watch,
      );
    } finally {
      // The session may have ended meanwhile.
      await session.removeQuestion(questionId).catch(() => undefined);
    }
  });
}

function addList(server: McpServer, watches: Watches, { samples }: Pick<McpHost, 'samples'>): void {
  const description = 'What is being watched, and the names of the bundled clips.';
  server.registerTool('list', { description, inputSchema: {} }, async () =>
    answer({ watches: watches.list().map(described), samples: (await samples()).map(({ name }) => name) }),
  );
}

/** Tells the client now and then how far the video is, so that it does not give up. */
function progressOf(extra: RequestHandlerExtra<ServerRequest, ServerNotification>): (time: number) => void {
  const token = extra._meta?.progressToken;
  let toldMs = -Infinity;
  return (videoTime) => {
    const now = performance.now();
    if (token === undefined || now - toldMs < 1000) return;
    toldMs = now;
    const params = { progressToken: token, progress: videoTime, message: `at ${videoTime.toFixed(1)} s` };
    extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}

/** What is meant by a name. */
function sourceNamed(
  name: string,
  samples: Awaited<ReturnType<McpHost['samples']>>,
): Pick<Parameters<Watches['start']>[0], 'source' | 'footage'> {
  const sample = samples.find((clip) => clip.name === name);
  if (sample !== undefined) return { source: { type: 'sample', name }, footage: sample.footage };
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(name);
  return { source: isAddress ? { type: 'url', url: name } : { type: 'file', path: name }, footage: 'real' };
}

function described({ id, source, state, problem, hosted: { session } }: Watch): object {
  const questions = session.questions.map(({ text }) => text);
  return {
    watch_id: id,
    source,
    state,
    video_time: session.videoTime,
    questions,
    ...(problem !== null && { problem }),
  };
}

function told(result: Told, watch: Watch): ReturnType<typeof answer> {
  if (result.type === 'told') return answer({ told: true, video_time: result.videoTime, text: result.text });
  const why = result.type === 'timeout' ? 'nothing was said within the time' : 'the video has ended';
  return answer({ told: false, why, ...described(watch) });
}

function answer(content: object): { content: { type: 'text'; text: string }[] } {
  return { content: [{ type: 'text', text: JSON.stringify(content) }] };
}
