import type { ChosenVideo, Filmed } from '../state/view.js';

/** What is filmed, as a video to watch. */
export function filmedVideo(what: Filmed): ChosenVideo {
  const footage = what === 'pattern' ? 'rendered' : 'real';
  return { title: titles[what], source: { type: 'pictures' }, playUrl: null, questions: [], footage };
}

/** What can be filmed, by the names that links use. */
export function filmedBy(name: string): Filmed | undefined {
  return (['webcam', 'screen', 'window', 'pattern'] as const).find((what) => what === name);
}

const titles: Record<Filmed, string> = {
  ...{ webcam: 'Webcam', screen: 'Screen', window: 'Window', pattern: 'Test pattern' },
};
