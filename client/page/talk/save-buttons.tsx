import { useState } from 'preact/hooks';
import { isSaid, type DuetView } from '../state/view.js';
import { transcript, type TranscriptFormat } from './transcript.js';

/** The buttons that save the conversation as a file, and whether what the user wrote is in it. */
export function SaveButtons({ view }: { readonly view: DuetView }) {
  const [user, setUser] = useState(true);
  const nothing = !view.turns.some((turn) => isSaid(turn) && turn.videoTime !== null);
  return (
    <div class="export" role="group" aria-label="Save the transcript">
      <span class="export-label" aria-hidden="true">
        Save
      </span>
      {formats.map(([format, label]) => (
        <button
          key={format}
          type="button"
          class="button quiet small"
          data-export={format}
          aria-label={label}
          disabled={nothing}
          onClick={() => {
            save(view, format, user);
          }}
        >
          {format.toUpperCase()}
        </button>
      ))}
      <button
        type="button"
        class="button quiet small"
        id="save-user"
        aria-pressed={user}
        title={user ? 'Files have your lines, too' : 'Files have only what the assistant said'}
        onClick={() => {
          setUser(!user);
        }}
      >
        {user ? 'with' : 'without'} my lines
      </button>
    </div>
  );
}

const formats: readonly (readonly [TranscriptFormat, string])[] = [
  ['vtt', 'Save as VTT, subtitles for the web'],
  ['srt', 'Save as SRT subtitles'],
  ['csv', 'Save as CSV, a table'],
  ['json', 'Save as JSON'],
];

function save(view: DuetView, format: TranscriptFormat, user: boolean): void {
  const { extension, mediaType, text } = transcript(view, format, { user });
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${(view.video?.title ?? '').replace(/\.[^.]*$/, '') || 'duet'}.${extension}`;
  link.click();
  // The browser has begun to read the file by the next task; a minute is ample.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
