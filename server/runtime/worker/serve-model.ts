import type { MessagePort } from 'node:worker_threads';
import type { DuetModel } from '../model.js';
import type { FromWorker, ToWorker } from './messages.js';
import { WorkerHost } from './worker-host.js';

/** Serves `model` on a port until it is told to stop. It then closes the port, which ends the thread. */
export function serveModel(port: MessagePort, model: DuetModel): void {
  const post = (message: FromWorker) => {
    port.postMessage(message);
  };
  const host = new WorkerHost(model, post);
  port.on('message', (message: ToWorker) => {
    if (message.type !== 'stop') {
      host.handle(message);
      return;
    }
    void host.stop().finally(() => {
      port.close();
    });
  });
  post({ type: 'loaded' });
}
