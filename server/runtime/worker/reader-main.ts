import { parentPort, workerData } from 'node:worker_threads';
import { toDuetError } from '../../errors.js';
import { OnnxReader } from '../onnx/reader/onnx-reader.js';
import type { FromReader, ReaderStart, ToReader } from './reader-messages.js';

// Entry point of a reader's thread: loads the graphs and reads pictures until told to stop.
const port = parentPort;
if (port === null) throw new Error('reader-main is started as a worker thread, not as a program');
const { threads } = workerData as ReaderStart;
const post = (message: FromReader): void => {
  port.postMessage(message);
};
const fail = (thrown: unknown): void => {
  post({ type: 'failed', message: toDuetError(thrown).message });
};
try {
  const reader = await OnnxReader.load({ threads });
  port.on('message', (message: ToReader) => {
    if (message.type === 'read') {
      reader.read(message.picture, message.known).then((lines) => {
        post({ type: 'lines', lines });
      }, fail);
      return;
    }
    void reader[Symbol.asyncDispose]().finally(() => {
      port.close();
    });
  });
  post({ type: 'loaded' });
} catch (thrown) {
  fail(thrown);
  port.close();
}
