// Prints what a session of a running server says, as it says it, over plain HTTP: without a client library.
// Run: npx tsx follow.ts [http://127.0.0.1:8787] [id of a session, token that reads it, or latest]
const [, , server = 'http://127.0.0.1:8787', session = 'latest'] = process.argv;
const query = 'types=response.done,session.closed&last=20';
const { ok, body, status } = await fetch(`${server}/v1/sessions/${session}/stream?${query}`);
if (!ok || body === null) throw new Error(`${server} answers with status ${status}`);

let rest = '';
for await (const part of body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + part).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines.filter((line) => line.startsWith('data: {"type":'))) {
    const event = JSON.parse(line.slice('data: '.length)) as {
      type: string;
      video_time: number;
      text: string;
    };
    if (event.type === 'session.closed') process.exit();
    console.log(event.video_time.toFixed(1), event.text);
  }
}
