import { parentPort, workerData } from 'node:worker_threads';
import { toDuetError } from '../../errors.js';
import type { DuetModel } from '../model.js';
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
  serveModel(port, await load(start));
} catch (error) {
  post({ type: 'load-failed', error: toPlainError(toDuetError(error)) });
}

function load({ prompted, voice, path, manifest, threads }: WorkerStart): Promise<DuetModel> {
  const options = { threads };
  if (prompted !== undefined) return OnnxModel.loadPrompted(prompted, options);
  return voice === 'tracker'
    ? TrackerModel.load(path, manifest, options)
    : OnnxModel.load(path, manifest, options);
}
