import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ffmpeg } from '../../support/clips.js';
import type { OutageReport } from './watch-outage.js';

const script = fileURLToPath(new URL('./outages.ts', import.meta.url));

test.skipIf(ffmpeg.libavcodec.major < 59)(
  'a session outlives three seconds without its sender: RTSP, HLS, a camera and RTMP pushed',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, '--short']);
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as OutageReport & { sender: string });
    expect(reports.map(({ sender }) => sender)).toEqual([
      'RTSP over TCP',
      'HLS',
      'MJPEG camera',
      'RTMP pushed',
    ]);
    for (const report of reports) {
      expect(report).toMatchObject({ sameSession: true, timeGoesOn: true });
      expect(report.events).toMatchObject({ 'source.opened': 1, 'source.ended': 1 });
      if (report.sender === 'HLS') {
        // The gateway bridges it: the pictures of those seconds come late.
        expect(report.events['source.reconnecting']).toBeUndefined();
      } else {
        expect(report.events).toMatchObject({ 'source.reopened': 1 });
        expect(report.events['source.reconnecting']).toBeGreaterThanOrEqual(1);
        expect(report.gapSeconds).toBeGreaterThan(2);
      }
      // Nothing is missed but in the gap, and what a busy machine is late with.
      expect(report.missedOutsideGap).toBeLessThanOrEqual(4);
    }
  },
  180_000,
);
