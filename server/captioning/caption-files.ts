import { extname } from 'node:path';
import { subRip, subtitlesOf, webVtt } from '../protocol/subtitles.js';
import { csvText } from '../protocol/transcript-csv.js';
import type { Played } from '../scoring/data/played.js';
import { predictionLine } from '../scoring/runner/runs/predictions.js';

/**
 * Forms of captions, by the endings of their files; `jsonl` is one file for all videos, as benchmarks read
 * it.
 */
export type CaptionType = 'srt' | 'vtt' | 'csv' | 'json' | 'jsonl';

/** The forms that are a file for each video. */
export type CaptionFileType = Exclude<CaptionType, 'jsonl'>;

/** A video with its captions. */
export interface CaptionedVideo {
  /** What its captions are called. */
  readonly name: string;
  /** Path of the video, relative to the folder of the captions. */
  readonly video: string;
  /** Name of the model. */
  readonly model: string;
  /** What the model was asked. */
  readonly ask: string;
  readonly played: Played;
}

/** The captions of a video as the text of a file. Equal captions give equal texts. */
export function captionFile(captioned: CaptionedVideo, format: CaptionFileType): string {
  const captions = captionsOf(captioned);
  switch (format) {
    case 'srt':
      return subRip(subtitlesOf(said(captions)));
    case 'vtt':
      return webVtt(subtitlesOf(said(captions)));
    case 'csv':
      return csv(captions);
    case 'json':
      return json(captioned, captions);
    default:
      return format satisfies never;
  }
}

/**
 * The captions of a video as a line of a prediction file; its id is their name with the ending of the video.
 */
export function captionLine({ name, video, ask, played }: CaptionedVideo): string {
  const ending = extname(video);
  const questionId = name.endsWith(ending) ? name : name + ending;
  const conversation = [{ time: 0, content: ask }];
  return predictionLine({ questionId, conversation }, played, { delivery: false });
}

/** One caption; times are seconds of the video. */
interface Caption {
  /** When the caption before it was given. */
  readonly from: number;
  /** When it was given: what it tells has just happened. */
  readonly to: number;
  readonly text: string;
}

function captionsOf({ played }: CaptionedVideo): readonly Caption[] {
  const replies = played.replies.filter(({ content }) => content.trim() !== '');
  return replies.map(({ time, content }, index) => {
    return { from: replies[index - 1]?.time ?? 0, to: time, text: content.trim() };
  });
}

function said(captions: readonly Caption[]): Parameters<typeof subtitlesOf>[0] {
  return captions.map(({ to, text }) => ({ who: 'Duet', text, from: to }));
}

function csv(captions: readonly Caption[]): string {
  const rows = captions.map(({ from, to, text }) => `${from},${to},${csvText(text)}`);
  return ['from,to,text', ...rows].map((row) => `${row}\r\n`).join('');
}

function json({ video, model, ask, played }: CaptionedVideo, captions: readonly Caption[]): string {
  return `${JSON.stringify({ video, duration: played.video_duration, model, ask, captions }, null, 2)}\n`;
}
