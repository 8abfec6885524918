import { parentPort, workerData } from 'node:worker_threads';
import { toDuetError } from '../../errors.js';
import { OnnxModel } from '../onnx/model.js';
import { TrackerModel } from '../onnx/tracker-model.js';
import { toPlainError } from './messages.js';
import type { FromWorker, WorkerStart } from './messages.js';
import { serveModel } from './serve-model.js';

// Entry point of a worker thread: loads the model and serves it until told to stop.
const port = parentPort;
if (port === null) throw new Error('worker-main is started as a worker thread, not as a program');
const start = workerData as WorkerStart;
const post = (message: FromWorker) => {
  port.postMessage(message);
};
try {
  const kind = start.voice === 'tracker' ? TrackerModel : OnnxModel;
  const model = await kind.load(start.path, start.manifest, {
    threads: start.threads,
    provider: start.provider,
    onWarning: (message) => {
      post({ type: 'warning', message });
    },
  });
  serveModel(port, model);
} catch (error) {
  post({ type: 'load-failed', error: toPlainError(toDuetError(error)) });
}
