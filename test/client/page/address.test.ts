import { expect, test } from 'vitest';
import { videoAt } from '../../../client/page/picker/address.js';
import { readSources } from '../../../client/page/picker/server-sources.js';

test.each([
  ['rtsp://camera.local/stream', 'rtsp://camera.local/stream', 'rtsp://camera.local/stream'],
  [
    'rtsp://me:secret@camera.local:8554/a?key=1',
    'rtsp://me:secret@camera.local:8554/a?key=1',
    'rtsp://camera.local:8554/a',
  ],
  ['srt://host.example:9000', 'srt://host.example:9000', 'srt://host.example:9000'],
  ['example.org/live.m3u8', 'https://example.org/live.m3u8', 'https://example.org/live.m3u8'],
  ['HTTP://example.org', 'HTTP://example.org', 'http://example.org'],
])('%s is the address %s, shown as %s', (written, url, title) => {
  expect(videoAt(written)).toMatchObject({ video: { title, source: { type: 'url', url }, playUrl: null } });
});

test.each([
  ['', 'is no address'],
  ['two words', 'is no address'],
  ['rtsp://', 'is no address'],
  ['ftp://host/file.mp4', 'ftp:// is not read here. Write one of http, https, rtsp'],
  ['file:///etc/passwd', 'is no address'],
  ['javascript:alert(1)//', 'is no address'],
  ['srt://host', 'names no port. Write it as in srt://host.example:9000'],
])('%s is refused, and why is said with what to write (%s)', (written, fault) => {
  expect(videoAt(written)).toEqual({ fault: expect.stringContaining(fault) as string });
});

test('what a server opens is read from its list, and what it does not name is not offered', () => {
  const listed = [{ type: 'upload', max_bytes: 5 }, { type: 'url', private: false }, { type: 'hologram' }];
  expect(readSources([...listed, { type: 'ingest', protocol: 'srt' }])).toEqual({
    ...{ addresses: 'public', protocols: ['srt'], maxUploadBytes: 5 },
  });
  expect(readSources([null, { type: 'url', private: true }])).toMatchObject({
    addresses: 'all',
    protocols: [],
  });
  expect(readSources([])).toEqual({ addresses: 'none', protocols: [], maxUploadBytes: null });
});
