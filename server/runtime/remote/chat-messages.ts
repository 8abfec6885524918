import type {
  ChatCompletionContentPart,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { describePicture, describeTalk, type Situation } from './situation.js';

/** A situation as the messages of a chat, with what is asked about it at the end. */
export function chatMessages(
  situation: Situation,
  rules: string,
  asked: string,
): ChatCompletionMessageParam[] {
  const { systemPrompt, pictures } = situation;
  const shown = pictures.flatMap((picture, index): ChatCompletionContentPart[] => [
    { type: 'text', text: describePicture(picture, index === pictures.length - 1) },
    { type: 'image_url', image_url: { url: picture.url } },
  ]);
  const content: ChatCompletionContentPart[] = [
    { type: 'text', text: describeTalk(situation) },
    ...shown,
    { type: 'text', text: asked },
  ];
  return [
    { role: 'system', content: `${systemPrompt}\n${rules}` },
    { role: 'user', content },
  ];
}
