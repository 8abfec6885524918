import { z } from 'zod';
import { withoutThoughts } from '../../rating/without-thoughts.js';

/** Reads a completion; null for anything else, such as a web page. */
export function readCompletion(completion: unknown): ChatReply | null {
  const { success, data } = completionSchema.safeParse(completion);
  const choice = data?.choices[0];
  if (!success || choice === undefined) return null;
  const { message, finish_reason: reason } = choice;
  const said = textOf(message.content);
  const text = withoutThoughts(said);
  const onlyThought = text === '' && (said !== '' || thoughtFields.some((field) => isSaid(message[field])));
  return {
    text,
    isCutOff: /^(?:length|max_tokens|max_output_tokens|model_length)$/i.test(reason ?? '') || onlyThought,
    isFiltered: /^(?:content_?filter|safety|sensitive|prohibited_content)$/i.test(reason ?? ''),
    isRefused: said === '' && isSaid(message['refusal']),
    inputTokens: data.usage?.prompt_tokens ?? 0,
    outputTokens: data.usage?.completion_tokens ?? 0,
  };
}

/** What is read of a completion. */
interface ChatReply {
  /** Without the thoughts some models print; empty if there was no answer. */
  readonly text: string;
  /** Whether the reply ended at the token limit or in the middle of a thought. */
  readonly isCutOff: boolean;
  /** Whether the service withheld the reply because of its content. */
  readonly isFiltered: boolean;
  /** Whether the model refused to reply, in a field of its own. */
  readonly isRefused: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const contentSchema = z.union([
  z.string(),
  z.number().transform(String),
  z.array(z.union([z.string(), z.looseObject({ type: z.string().nullish(), text: z.unknown().optional() })])),
]);

const messageSchema = z.looseObject({ content: contentSchema.nullish() });

const completionSchema = z.object({
  choices: z.array(z.object({ message: messageSchema, finish_reason: z.string().nullish() })).min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});

/** Fields where services put thoughts; their contents are never read. */
const thoughtFields = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking', 'thoughts'];

function isSaid(field: unknown): boolean {
  return (typeof field === 'string' && field.trim() !== '') || (Array.isArray(field) && field.length > 0);
}

/** The text of a reply, its parts joined; parts of another kind, such as thoughts, are left out. */
function textOf(content: z.output<typeof contentSchema> | null | undefined): string {
  if (typeof content === 'string') return content;
  const parts = (content ?? []).map((part) => {
    if (typeof part === 'string') return part;
    const isText = part.type === 'text' || part.type === 'output_text' || part.type == null;
    return isText && typeof part.text === 'string' ? part.text : '';
  });
  return parts.join('');
}

/** Whether an answer is a completion, even one without readable text. */
export function isCompletion(answer: unknown): boolean {
  return z.object({ choices: z.array(z.unknown()) }).safeParse(answer).success;
}

/**
 * Parses the body of an answer: JSON, or a completion joined from chunks (`data: {...}` lines), for services
 * that stream without being asked. An error among the chunks is returned instead. Undefined if it is neither.
 */
export function readAnswerBody(text: string): unknown {
  return parsed(text) ?? joinChunks(text);
}

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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
