import { readdir } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Request } from 'express';
import { expect, test } from 'vitest';
import { kindBytes } from '../../../../server/library/upload-kind.js';
import { UploadWriter } from '../../../../server/transport/http/videos/upload-writer.js';
import { temporaryFolder } from '../../test-server.js';

const mp4 = Buffer.concat([
  Buffer.from('\0\0\0 ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1'),
  Buffer.alloc(kindBytes),
]);

test('a failure in the middle of a file is reported as itself, not as an aborted stream', async () => {
  const folder = await temporaryFolder();
  const ended = new AbortController();
  const refuse = (bytes: number): void => {
    if (bytes > mp4.length) throw new Error('no room is left');
  };
  const writer = new UploadWriter(join(folder, 'a'), refuse, ended.signal);
  const stream = new PassThrough();
  const heard: string[] = [];
  stream.on('error', (error) => heard.push(error.message));
  writer._handleFile(
    new IncomingMessage(new Socket()) as Request,
    { stream, originalname: 'a.mp4' },
    (error) => heard.push(String(error)),
  );
  stream.write(mp4);
  await expect.poll(() => readdir(folder)).toEqual(['a.mp4']);
  stream.write(mp4);
  await expect(writer.failed).rejects.toThrow('no room is left');
  expect(heard).toEqual(['Error: no room is left']);
  ended.abort();
  await writer.discard();
  expect(await readdir(folder)).toEqual([]);
});
