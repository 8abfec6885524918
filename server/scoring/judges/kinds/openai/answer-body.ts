import { z } from 'zod';

/**
 * What the body of an answer holds: JSON, or the completion that chunks (`data: {...}` lines) add up to, for
 * services that stream without being asked. An error among the chunks is the answer. Undefined where it holds
 * neither.
 */
export function readAnswerBody(text: string): unknown {
  return parsed(text) ?? joinChunks(text);
}

const chunkSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z.looseObject({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
});

function joinChunks(text: string): unknown {
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  const data = lines.map((line) => line.slice('data:'.length).trim()).filter((line) => line !== '[DONE]');
  let content = '';
  let finish: string | null = null;
  for (const each of data) {
    const { success, data: chunk } = chunkSchema.safeParse(parsed(each));
    if (!success) return undefined;
    if (chunk['error'] != null) return chunk;
    content += chunk.choices?.[0]?.delta?.content ?? '';
    finish = chunk.choices?.[0]?.finish_reason ?? finish;
  }
  if (content === '' && finish === null) return undefined;
  return { choices: [{ message: { role: 'assistant', content }, finish_reason: finish }] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
