import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DuetError } from '../../errors.js';
import type { Sample, SampleLibrary } from '../../library/samples.js';
import type { Footage } from '../../settings/footage.js';
import { sourceName } from '../../video/sources/kinds.js';
import type { VideoSource } from '../../video/sources/source.js';

/** The source named on the command line. */
export interface FoundSource {
  readonly source: VideoSource;
  readonly name: string;
  /** Whether an outdated decoder may read it: true for bundled clips and the user's own files. */
  readonly trusted: boolean;
  readonly sample: Sample | null;
  /** Of a bundled clip, also named by its path, what it shows; of anything else, `real`. */
  readonly footage: Footage;
}

/** Finds a file, an address or a bundled sample; the first sample if none is named. Throws 'not_found'. */
export async function findSource(
  named: string | undefined,
  samples: SampleLibrary,
  transport?: 'tcp' | 'udp',
): Promise<FoundSource> {
  if (named !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(named)) {
    const source: VideoSource = { type: 'url', url: named, ...(transport !== undefined && { transport }) };
    return { source, name: sourceName(source), trusted: false, sample: null, footage: 'real' };
  }
  const known = await samples.list();
  if (named !== undefined && existsSync(named)) {
    const { footage = 'real' } = known.find(({ path }) => path === resolve(named)) ?? {};
    return { source: { type: 'file', path: named }, name: named, trusted: true, sample: null, footage };
  }
  const sample = named === undefined ? known[0] : known.find(({ name }) => name === named);
  if (!sample) throw new DuetError('not_found', describeMissing(named, known));
  const { name, path, footage } = sample;
  return { source: { type: 'file', path }, name, trusted: true, sample, footage };
}

function describeMissing(named: string | undefined, known: readonly Sample[]): string {
  const names = known.map(({ name }) => name).join(', ') || 'none';
  if (named === undefined) return 'No samples are bundled: name a video file';
  return `There is no video file ${JSON.stringify(named)}, and no sample of that name (samples: ${names})`;
}
