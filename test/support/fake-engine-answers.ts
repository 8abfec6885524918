import type { ServerResponse } from 'node:http';
import type { SeenRequest } from './seen-request.js';

/** What somebody guesses who does not see: right if the picture is red. */
export function guess(statement: string): number {
  return statement.includes('all red') ? 0.6 : 0.5;
}

/** The form in which a request to System One has its pictures, by the name of the way that sends it. */
export function systemOneForm({ body }: SeenRequest): 'systemone' | 'systemone-images' | 'systemone-assets' {
  if (body['images'] !== undefined) return 'systemone-images';
  return body.assets === undefined ? 'systemone' : 'systemone-assets';
}

/** Letters of the addresses of its pictures. */
export function lettersOf({ pictures }: SeenRequest): number {
  return pictures.reduce((sum, { length }) => sum + (4 * length) / 3, 0);
}

/** A chat that is not streamed. */
export function wholeChat(
  { body }: SeenRequest,
  { content, logprobs = null, tokens }: { content: string; logprobs?: object | null; tokens: number },
): object {
  const message = { role: 'assistant', content, refusal: null };
  return {
    ...{ id: 'c', object: 'chat.completion', created: 1, model: body['model'] },
    choices: [{ index: 0, message, logprobs, finish_reason: 'stop' }],
    usage: { prompt_tokens: tokens, completion_tokens: 1 },
  };
}

/** Answers with JSON. */
export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
