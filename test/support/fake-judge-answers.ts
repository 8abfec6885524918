import { z } from 'zod';

/** Schema of a chat-completions request. */
export const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/** A chat-completions request as the endpoint heard it. */
export type HeardRequest = z.output<typeof requestSchema>;

/** How the endpoint treats one request. */
export type Answer =
  | { readonly type: 'reply'; readonly text: string | null; readonly finish?: string }
  /** A completion with this message, whatever it is made of. */
  | { readonly type: 'message'; readonly message: object; readonly finish?: string }
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly code?: string;
    }
  | {
      readonly type: 'raw';
      readonly body: string;
      readonly contentType: string;
      readonly status?: number;
      readonly headers?: Record<string, string>;
    }
  /** Headers and the beginning of a body, then nothing, or a space every few milliseconds. */
  | { readonly type: 'unfinished'; readonly body: string; readonly dripMs?: number }
  | { readonly type: 'silence' }
  | { readonly type: 'hang_up' };

/** Says how the request with this number, from 0, is answered. */
export type Behaviour = (request: HeardRequest, number: number) => Answer | Promise<Answer>;

/** A completion as the API writes it. */
export function completion(text: string | null, finish = 'stop'): object {
  return completionOf({ role: 'assistant', content: text }, finish);
}

/** A completion with any message. */
export function completionOf(message: object, finish = 'stop'): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: finish }],
    usage: { prompt_tokens: 100, completion_tokens: 1, total_tokens: 101 },
  };
}
