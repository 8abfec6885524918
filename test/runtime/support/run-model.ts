import { defaultPrompt } from '../../../server/runtime/capabilities.js';
import { loadModel } from '../../../server/runtime/load-model.js';

// A program that uses the model in the folder it is given: `leaves` without disposing of it, or `disposes`
// during a reply.
const [folder, manner] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a model folder');
const model = await loadModel(folder, { workers: 2, preload: 'all' });
const context = await model.openContext(defaultPrompt(model.capabilities));
if (manner === 'disposes') {
  const reply = context.generateReply({ maxTokens: 3_000, repetitionPenalty: 5, afterwards: 'keep' });
  let last = '';
  const reading = (async () => {
    for await (const part of reply) {
      last = part.type === 'end' ? part.reason : last;
      if (part.type === 'text') void model[Symbol.asyncDispose]();
    }
  })();
  await reading;
  await model[Symbol.asyncDispose]();
  console.log(last);
} else {
  await context.appendUserText('Hello');
  console.log('left');
}
