import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captionVideos } from '../../server/captioning/caption-videos.js';
import { temporaryFolder } from '../transport/test-server.js';

test('where nothing can be written nothing is said to be kept', async () => {
  const file = join(await temporaryFolder(), 'a-file');
  await writeFile(file, '');
  const plan = { videos: [], folder: file, formats: [], force: false, ask: '', model: 'none' };
  const captioned = captionVideos(
    { ...plan, allowBundledFfmpeg: false },
    { signal: new AbortController().signal },
  );
  await expect(captioned).rejects.toThrow(
    /a-file" cannot be written: a file is in its place \(\w+\); fix that, or choose another with --output$/,
  );
});
