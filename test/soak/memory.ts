import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { settingSchemas } from '../../server/settings/schema.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { Picture } from '../../server/video/frame.js';
import { bundledClips, picturesOf } from '../bench/nano.js';
import { median, percentile } from '../bench/measurement.js';
import { endlessFigures } from './endless-figures.js';
import { playEndlessly } from './endless-session.js';
import { tellInLoops } from './looped-clip.js';
import { loadNano } from './nano-stream.js';
import { showAgain } from './same-clip.js';

const usage = `npx tsx test/soak/memory.ts frames|clip|loop [flags]

frames  plays --frames (170000, a day at 2 a second) through one session: cost, memory, evictions
clip    shows a clip again until it has been evicted many times: how much its scores change
loop    plays the sample street for --minutes (30): events told right in each round

--memory --window --positions --text-window --sink  settings of the session; --json FILE  where results go`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ frames: { type: 'string', default: '170000' }, minutes: { type: 'string', default: '30' } },
    ...{ rounds: { type: 'string', default: '12' }, json: { type: 'string' } },
    ...{ memory: { type: 'string' }, window: { type: 'string' }, positions: { type: 'string' } },
    ...{ 'text-window': { type: 'string' }, sink: { type: 'string' } },
  },
});

const overrides: Partial<SessionSettings> = {
  ...(values.memory !== undefined && { memory: settingSchemas.memory.parse(values.memory) }),
  ...(values.window !== undefined && { window: settingSchemas.window.parse(Number(values.window)) }),
  ...(values.positions !== undefined && { positions: settingSchemas.positions.parse(values.positions) }),
  ...(values.sink !== undefined && { sink: settingSchemas.sink.parse(Number(values.sink)) }),
  ...(values['text-window'] !== undefined && {
    textWindow: settingSchemas.textWindow.parse(Number(values['text-window'])),
  }),
};

await using model = await loadNano();
const clips = new Map<string, readonly Picture[]>();
for (const path of await bundledClips()) {
  clips.set(basename(path, '.mp4'), await picturesOf(path, model.capabilities));
}
const result = await measure(positionals[0] ?? 'help');
if (result === null) console.log(usage);
else console.log(JSON.stringify(result, null, 2));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);

async function measure(what: string): Promise<object | null> {
  const all = [...clips.values()].flat();
  switch (what) {
    case 'frames': {
      const run = await playEndlessly(model, all, {
        ...{ frames: Number(values.frames), block: all.length, overrides },
        onBlock: (block) => {
          console.error(JSON.stringify(block));
        },
      });
      return { ...endlessFigures(run), failures: run.failures };
    }
    case 'clip': {
      const clip = clips.get('street') ?? [];
      const filler = [...clips].flatMap(([name, pictures]) => (name === 'street' ? [] : pictures));
      const shown = await showAgain(model, { clip, filler, rounds: Number(values.rounds), overrides });
      const { differences, evictions } = shown;
      const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
      const evictionMs = { median: median(evictions), most: percentile(evictions, 1) };
      return { mean, differences, evictions: evictions.length, evictionMs };
    }
    case 'loop': {
      const street = clips.get('street') ?? [];
      const rounds = Math.ceil((Number(values.minutes) * 120) / street.length);
      const question = 'What is happening?';
      return tellInLoops(model, street, await eventsOfStreet(question), { question, rounds, overrides });
    }
    default:
      return null;
  }
}

async function eventsOfStreet(question: string) {
  const text = await readFile(new URL('../../samples/annotations/magqa.json', import.meta.url), 'utf8');
  const said = z.object({ content: z.string(), time: z.unknown() });
  const told = z.object({ content: z.string(), time: z.tuple([z.number(), z.number()]) });
  const records = z
    .array(z.object({ video: z.string(), conversation: z.array(said), answer: z.array(told) }))
    .parse(JSON.parse(text));
  const asked = records.find(
    ({ video, conversation }) => video === 'street.mp4' && conversation[0]?.content === question,
  );
  return asked?.answer ?? [];
}
