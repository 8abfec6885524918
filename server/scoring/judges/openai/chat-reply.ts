import { z } from 'zod';

/** What is read of a completion. */
export interface ChatReply {
  /** Without the thoughts some models print; empty where they never came to an answer. */
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});

/** Reads a completion; null for whatever is none, such as the page of a web server. */
export function readCompletion(completion: unknown): ChatReply | null {
  const { success, data } = completionSchema.safeParse(completion);
  if (!success) return null;
  return {
    text: withoutThoughts(data.choices[0]?.message.content ?? ''),
    inputTokens: data.usage?.prompt_tokens ?? 0,
    outputTokens: data.usage?.completion_tokens ?? 0,
  };
}

/** Thoughts hold digits that are no rating; thoughts that were cut off leave no answer at all. */
function withoutThoughts(text: string): string {
  const afterThoughts = text.split('</think>').at(-1) ?? '';
  return afterThoughts.replace(/<think>[\s\S]*$/, '').trim();
}
