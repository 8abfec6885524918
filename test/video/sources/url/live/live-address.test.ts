import { expect, test } from 'vitest';

import {
  isLiveAddress,
  parseLiveAddress,
} from '../../../../../server/video/sources/url/live/live-address.js';

test.each([
  ['rtsp://camera/1', 'rtsp', false, 554],
  ['RTSP://user:p%40ss@[::1]:8554/a?b=c', 'rtsp', false, 8554],
  ['rtsps://camera/1', 'rtsp', true, 322],
  ['rtmp://host/live/key', 'rtmp', false, 1935],
  ['rtmps://host/live/key', 'rtmp', true, 443],
  ['srt://host:9000?streamid=a&mode=caller', 'srt', false, 9000],
  ['udp://127.0.0.1:5004', 'udp', false, 5004],
])('%s is live: %s, encrypted: %s, port %d', (address, protocol, secure, port) => {
  expect(isLiveAddress(address)).toBe(true);
  expect(parseLiveAddress(address, 'it')).toMatchObject({ protocol, secure, port });
});

test.each([
  'http://host/a.mp4',
  'https://host/',
  'file:///etc/passwd',
  'rtp://host:5',
  'constructor://a',
  'rtsp:x',
])('%s is not a live address', (address) => {
  expect([isLiveAddress(address), parseLiveAddress(address, 'it')]).toEqual([false, undefined]);
});

test.each([
  ['rtsp:///path', 'it names no host; write it as in rtsp://camera.example/stream'],
  ['rtsp://user:pass word@:99999/', 'it names no host'],
  ['srt://host', 'it names no port; write it as in srt://host.example:9000'],
  ['udp://127.0.0.1', 'it names no port'],
  ['udp://@:5004', 'it names no host'],
  ['srt://0.0.0.0:9000?mode=listener', 'it asks to listen; only mode=caller is read'],
])('%s is refused: %s', (address, message) => {
  expect(() => parseLiveAddress(address, 'it')).toThrow(message);
});
