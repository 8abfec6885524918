import { expect, test } from 'vitest';

import {
  chooseVariant,
  firstVariant,
  isLivePlaylist,
  isMaster,
  rewritePlaylist,
} from '../../../../server/video/sources/url/playlist.js';

const master = [
  '#EXTM3U',
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="sound.m3u8"',
  '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="mp4a.40.2",AUDIO="a"',
  'sound-only.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=9,RESOLUTION=15360x8640',
  'too-large.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=5,RESOLUTION=640x360,AUDIO="a"',
  'picture.m3u8',
].join('\n');

test('the first variant with a picture of an accepted size is chosen, without its sound', () => {
  expect(isMaster(master)).toBe(true);
  const chosen = chooseVariant(master);
  expect(firstVariant(chosen)).toBe('picture.m3u8');
  expect(chosen).toBe('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=5,RESOLUTION=640x360\npicture.m3u8\n');
});

test('if a master playlist does not say which variants have a picture, all are kept', () => {
  const silent = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nb.m3u8';
  expect(chooseVariant(silent).split('\n')).toEqual(expect.arrayContaining(['a.m3u8', 'b.m3u8']));
});

test.each([
  ['one that says nothing of its end', '#EXTM3U\n#EXT-X-TARGETDURATION:4', true],
  ['one that has ended', '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-ENDLIST', false],
  ['one that is video on demand', '#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD', false],
  ['an event, to which more is added', '#EXTM3U\n#EXT-X-PLAYLIST-TYPE:EVENT', true],
])('whether a playlist is live: %s', (_, text, live) => {
  expect(isLivePlaylist(text)).toBe(live);
});

test('every address is replaced, including keys and initialisation sections, and nothing else', () => {
  const text = '\uFEFF#EXTM3U\r\n#EXT-X-KEY:METHOD=AES-128,URI="key"\r\n#EXTINF:4,\r\n a.ts \r\n\r\n';
  const seen: string[] = [];
  const rewritten = rewritePlaylist('clip', text, (address, leadsTo) => {
    seen.push(`${leadsTo} ${address}`);
    return 'X';
  });
  expect(seen).toEqual(['key key', 'media a.ts']);
  expect(rewritten).toBe('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="X"\n#EXTINF:4,\nX\n\n');
});

test('a playlist with more addresses than a day of video needs is refused', () => {
  const long = `#EXTM3U\n${'a.ts\n'.repeat(86_401)}`;
  expect(() => rewritePlaylist('clip', long, (address) => address)).toThrow(
    'clip names more than 86400 addresses',
  );
});
