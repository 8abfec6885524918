/**
 * Stands in for a server that is killed: starts the program of its first argument as an ffmpeg that neither
 * reads nor writes, says so, and waits for the end.
 */
import { startFfmpeg } from '../../server/video/ffmpeg/process.js';

const [, , binary = '', mark = ''] = process.argv;

startFfmpeg({
  ...{
    binary,
    input: mark,
    inputOptions: [],
    filters: [],
    outputOptions: [],
    readAheadBytes: 1,
    environment: {},
  },
  onLine: () => undefined,
});
process.stdout.write('started\n');
setInterval(() => undefined, 60_000);
