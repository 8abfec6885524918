// Watches a bundled clip on a running server, asks a question midway and prints who says what, and when.
// With a server (`npm start`), in an empty folder: npm install http://127.0.0.1:8787/duet-client.tgz ws tsx
// Then: npx tsx watch.ts [http://127.0.0.1:8787] [clip]
import { connectDuet } from 'duet-client';

const [, , server = 'http://127.0.0.1:8787', clip = 'kitchen'] = process.argv;
const duet = connectDuet(server);
await duet.open({ model: 'duet-nano', settings: { policy: { type: 'threshold', threshold: 0.4 } } });
duet.startSource({ type: 'sample', name: clip }, { pacing: 'fast' });
duet.say('What is happening?', 5);

for await (const event of duet) {
  if (event.type === 'user.text.inserted') console.log(event.video_time.toFixed(1), 'you: ', event.text);
  if (event.type === 'response.done') console.log(event.video_time.toFixed(1), 'duet:', event.text);
  if (event.type === 'error' || event.type === 'source.failed') throw new Error(event.message);
  if (event.type === 'source.ended') break;
}
await duet.close();
