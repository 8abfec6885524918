// Takes what `duet serve --webhook http://127.0.0.1:8099/` tells, checks who says it, and prints it.
// Run: DUET_WEBHOOK_SECRET=whsec_... npx tsx webhook-receiver.ts [port]
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const key = Buffer.from((process.env['DUET_WEBHOOK_SECRET'] ?? '').replace('whsec_', ''), 'base64');
const seen = new Set<string>();

/** Whether a message is genuine and of the last five minutes. */
function isGenuine(id: string, time: string, body: string, signature: string): boolean {
  const own = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  const [given, expected] = [Buffer.from(signature), Buffer.from(`v1,${own}`)];
  const isFresh = Math.abs(Date.now() / 1000 - Number(time)) < 300;
  return isFresh && given.length === expected.length && timingSafeEqual(given, expected);
}

/** Answers with the status for a message, and prints it once: it may come twice, always with the same id. */
async function take(request: IncomingMessage): Promise<number> {
  const body = await text(request);
  const header = (name: string): string => String(request.headers[`webhook-${name}`]);
  if (!isGenuine(header('id'), header('timestamp'), body, header('signature'))) return 401;
  const { data } = JSON.parse(body) as {
    data: { video_time: number; question: string | null; text: string };
  };
  if (!seen.has(header('id'))) {
    console.log(`${data.video_time.toFixed(1)} s, ${data.question ?? 'no question'}: ${data.text}`);
  }
  seen.add(header('id'));
  return 204;
}

const server = createServer((request, response) => {
  void take(request).then((status) => response.writeHead(status).end());
});
server.listen(Number(process.argv[2] ?? 8099), '127.0.0.1', () => {
  console.log('waiting');
});
