/** A process that fails in the way its argument names, with the last resort of a server in place. */
import { logLine } from '../../../server/cli/terminal/log-line.js';
import { keepServing } from '../../../server/cli/serve/uncaught-errors.js';

const guard = keepServing(logLine);
const fail = (): never => {
  throw new TypeError('nobody expected this');
};
const alive = setInterval(() => undefined, 1000);
guard.signal.addEventListener('abort', () => {
  process.stdout.write('given up\n');
  clearInterval(alive);
});

const [, , way = ''] = process.argv;
const ways: Readonly<Record<string, () => void>> = {
  throw: () => setTimeout(fail, 1),
  reject: () => void Promise.reject(new TypeError('nobody expected this')),
  endless: () => setInterval(fail, 1),
};
ways[way]?.();
if (way !== 'endless') {
  setTimeout(() => {
    process.stdout.write('still serving\n');
    clearInterval(alive);
    guard.stop();
  }, 100);
}
