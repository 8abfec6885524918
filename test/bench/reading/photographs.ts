import { readFileSync } from 'node:fs';
import { editDistance } from '../../../server/duet/reading/edit-distance.js';
import { afterLook, presentTexts } from '../../../server/duet/reading/seen-texts.js';
import { detailSide } from '../../../server/duet/reading/session-reading.js';
import type { OnnxReader } from '../../../server/runtime/onnx/reader/onnx-reader.js';
import { decodeWithin } from '../../../server/video/pictures/decode-picture.js';
import { median } from '../measurement.js';

/** Reads photographs as a session would, and compares with what their labels say is written there. */
export async function readPhotographs(
  reader: OnnxReader,
  photographs: readonly Photograph[],
): Promise<object> {
  const rows: ReturnType<typeof compare>[] = [];
  const looks: number[] = [];
  for (const { path, texts } of photographs) {
    const picture = await decodeWithin({ type: 'encoded', bytes: readFileSync(path) }, detailSide);
    const before = process.cpuUsage();
    const lines = await reader.read(picture, []);
    looks.push(cpuMs(before));
    const { texts: seen } = afterLook([], lines, { time: 0, next: 1 });
    rows.push(
      compare(
        path,
        texts,
        presentTexts(seen).map(({ line }) => line.text),
      ),
    );
  }
  const sum = (count: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + count(row), 0);
  return {
    photographs: rows.length,
    labelled: sum(({ labelled }) => labelled),
    verbatim: sum(({ verbatim }) => verbatim),
    butForCapitalsAndSpaces: sum(({ alike }) => alike),
    withinOneLetter: sum(({ near }) => near),
    otherStrings: sum(({ others }) => others.length),
    cpuMsPerLook: { median: median(looks), most: Math.max(...looks) },
    rows,
  };
}

/** A photograph, and the lines that a person can read in it. */
interface Photograph {
  readonly path: string;
  readonly texts: readonly string[];
}

function compare(path: string, texts: readonly string[], read: readonly string[]) {
  const left = [...read];
  const take = (fits: (text: string) => boolean): boolean => {
    const at = left.findIndex(fits);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const notVerbatim = texts.filter((text) => !take((each) => each === text));
  const notAlike = notVerbatim.filter((text) => !take((each) => plain(each) === plain(text)));
  const notNear = notAlike.filter((text) => !take((each) => editDistance(plain(each), plain(text)) <= 1));
  return {
    photograph: path.split('/').at(-1) ?? path,
    labelled: texts.length,
    verbatim: texts.length - notVerbatim.length,
    alike: texts.length - notAlike.length,
    near: texts.length - notNear.length,
    missed: notNear,
    others: left,
  };
}

function plain(text: string): string {
  return text.replaceAll(/\s/g, '').toUpperCase();
}

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
