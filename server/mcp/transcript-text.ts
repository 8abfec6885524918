import { readTranscript } from '../records/transcript.js';
import type { Watch } from './watches.js';

/** What was said in a watch: a line for each, with the time of the video in seconds. */
export async function transcriptText({ hosted: { session } }: Watch): Promise<string> {
  const { turns } = await readTranscript(session.log.history());
  return turns
    .map(({ role, video_time, text }) => {
      const who = role === 'user' ? 'you' : 'duet';
      return `${video_time.toFixed(1)} s  ${who}: ${text.trim().replaceAll(/\s+/g, ' ')}\n`;
    })
    .join('');
}
