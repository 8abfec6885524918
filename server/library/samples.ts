import { readdir, readFile } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../errors.js';
import { footageKinds, type Footage } from '../settings/footage.js';

/**
 * The clips of a samples folder (`clips/`), with the questions of `annotations/magqa.json`, and what they
 * show according to `footage.json`.
 */
export class SampleLibrary {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Every clip: first those with questions, in the order of the annotations, then the others by name. */
  async list(): Promise<readonly Sample[]> {
    const clips = join(this.folder, 'clips');
    const [files, questions, footage] = await Promise.all([
      readdir(clips).catch(() => []),
      this.#questions(),
      this.#footage(),
    ]);
    const annotated = [...questions.keys()];
    const place = (file: string): number => {
      const found = annotated.indexOf(parse(file).name);
      return found < 0 ? annotated.length : found;
    };
    const videos = files.filter((file) => clipTypes.has(extname(file))).sort();
    const inOrder = videos.toSorted((a, b) => place(a) - place(b));
    return inOrder.map((file) => ({
      name: parse(file).name,
      path: join(clips, file),
      questions: questions.get(parse(file).name) ?? [],
      footage: footage[parse(file).name] ?? 'real',
    }));
  }

  /** One clip; throws 'not_found' listing the names there are. */
  async get(name: string): Promise<Sample> {
    const samples = await this.list();
    const found = samples.find((sample) => sample.name === name);
    if (found) return found;
    const known = samples.map((sample) => sample.name).join(', ');
    throw new DuetError('not_found', `There is no sample ${name}; there are: ${known || 'none'}`);
  }

  async #footage(): Promise<Readonly<Record<string, Footage>>> {
    const text = await readFile(join(this.folder, 'footage.json'), 'utf8').catch(() => '{}');
    return footageOfClips.parse(JSON.parse(text));
  }

  async #questions(): Promise<Map<string, SampleQuestion[]>> {
    const path = join(this.folder, 'annotations', 'magqa.json');
    const text = await readFile(path, 'utf8').catch(() => '[]');
    const byClip = new Map<string, SampleQuestion[]>();
    for (const { video, conversation, answer } of annotations.parse(JSON.parse(text))) {
      const question = conversation.find((turn) => turn.role === 'user');
      if (!question) continue;
      const clip = parse(video).name;
      const asked = {
        text: question.content,
        videoTime: question.time,
        spans: answer.map(({ time }) => time),
      };
      byClip.set(clip, [...(byClip.get(clip) ?? []), asked]);
    }
    return byClip;
  }
}

/** A bundled clip with suitable questions. */
export interface Sample {
  readonly name: string;
  readonly path: string;
  readonly questions: readonly SampleQuestion[];
  /** What its pictures show, for which a model suits or not. */
  readonly footage: Footage;
}

/** A question and the time to ask it (seconds on the media clock). */
interface SampleQuestion {
  readonly text: string;
  readonly videoTime: number;
  /** When an answer is due, from and to. */
  readonly spans: readonly (readonly [number, number])[];
}

const clipTypes = new Set(['.mp4', '.webm', '.mkv', '.mov']);

/** By the name of the clip; those that are not named show the real world. */
const footageOfClips = z.record(z.string(), z.enum(footageKinds));

const annotations = z.array(
  z.object({
    video: z.string(),
    conversation: z.array(z.object({ role: z.string(), content: z.string(), time: z.number() })),
    answer: z.array(z.object({ time: z.tuple([z.number(), z.number()]) })).default([]),
  }),
);
