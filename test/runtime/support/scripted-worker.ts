import { parentPort } from 'node:worker_threads';
import { serveModel } from '../../../server/runtime/worker/serve-model.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';

// A worker thread that serves a scripted model. The user text `crash` throws outside of any call, `exit` ends
// the thread at once.
if (parentPort === null) throw new Error('this file is started as a worker thread');
const model = new ScriptedModel({
  replies: function* () {
    for (let word = 0; ; word++) yield ` word${word}`;
  },
  before: (call) => {
    if (call.type !== 'user') return;
    if (call.text === 'exit') process.exit(7);
    if (call.text === 'crash') {
      setImmediate(() => {
        throw new Error('out of luck');
      });
    }
  },
});
serveModel(parentPort, model);
