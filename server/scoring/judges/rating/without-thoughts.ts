/**
 * A reply without the thoughts that some models print. Thoughts contain digits that are not ratings, and a
 * reply cut off within its thoughts has no answer. It knows the marks of Qwen, DeepSeek and similar models
 * (`<think>`, often closed without having been opened, since the template opens it), Magistral (`[THINK]`),
 * Kimi (`◁think▷`), Cohere (`<|START_THINKING|>`), gpt-oss (`<|channel|>analysis`), MedGemma
 * (`<unused94>thought`) and Granite ("Here is my thought process:").
 */
export function withoutThoughts(reply: string): string {
  const text = lastFinalPart(reply);
  let said = '';
  let position = 0;
  let isThought = false;
  for (const { 0: mark, index, groups } of text.matchAll(marks)) {
    if (groups?.['open'] !== undefined) {
      if (!isThought) said += text.slice(position, index);
      isThought = true;
      continue;
    }
    // A closing tag without an opening one ends a thought that began with the reply.
    if (!isThought) said = '';
    isThought = false;
    position = index + mark.length;
  }
  return (isThought ? said : said + text.slice(position)).replaceAll(frame, ' ').trim();
}

const names =
  '(?:think|thinking|thoughts?|reasoning|reflection|scratchpad|analysis|inner_monologue|ant_?thinking)';
const open = [
  `<(?:\\w{1,20}:)?${names}(?:\\s[^<>]{0,200})?>|<details type="reasoning"[^<>]{0,200}>`,
  `\\[${names}\\]|◁${names}▷`,
  '<[|｜](?:begin[_▁]of[_▁])?(?:think|thinking|reasoning)[|｜]>',
  '<\\|START_THINKING\\|>|<\\|begin_of_thought\\|>|<unused94>|<\\|channel>thought',
  'Here is my thought process:',
].join('|');
const close = [
  `</(?:\\w{1,20}:)?${names}>|</details>`,
  `\\[/${names}\\]|◁/${names}▷`,
  '<[|｜](?:/|end[_▁](?:of[_▁])?)(?:think|thinking|reasoning)[|｜]>',
  '<\\|END_THINKING\\|>|<\\|end_of_thought\\|>|<unused95>|<channel\\|>',
  'Here is my response:|\\.\\.\\.done thinking\\.',
].join('|');
const marks = new RegExp(`(?<open>${open})|${close}`, 'gi');

/** Marks that some templates put around an answer. */
const frame = /<\|(?:START|END)_RESPONSE\|>|<\|(?:begin|end)_of_solution\|>|<\/?(?:final_)?response>/gi;

/** The last `final` part of a reply in channels; without one, everything is thought. */
function lastFinalPart(reply: string): string {
  if (!reply.includes('<|channel|>')) return reply;
  const parts = reply.split(/<\|channel\|>\s{0,9}final\s{0,9}(?:<\|message\|>)?/i);
  const [answer = ''] = parts.length === 1 ? [] : (parts.at(-1)?.split(/<\|(?:end|return)\|>/) ?? []);
  return answer;
}
