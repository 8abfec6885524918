import './save-buttons.css';
import { useState } from 'preact/hooks';
import { isSaid, type DuetView } from '../state/view.js';
import { transcript, type TranscriptFormat } from './transcript.js';

/** A button that shows what the conversation can be saved as, and whether what the user wrote is in it. */
export function SaveButtons({ view }: { readonly view: DuetView }) {
  const [user, setUser] = useState(true);
  const nothing = !view.turns.some((turn) => isSaid(turn) && turn.videoTime !== null);
  return (
    <>
      <button
        type="button"
        class="button quiet small"
        id="save"
        popovertarget="save-panel"
        title="Subtitles, a table or JSON"
        disabled={nothing}
      >
        Save
      </button>
      <div class="popover" id="save-panel" popover="auto" role="dialog" aria-labelledby="save-heading">
        <h3 class="popover-title" id="save-heading">
          Save the conversation
        </h3>
        <FormatButtons
          choose={(format) => {
            save(view, format, user);
          }}
        />
        <label class="save-user">
          <input
            type="checkbox"
            id="save-user"
            checked={user}
            onChange={({ currentTarget }) => {
              setUser(currentTarget.checked);
            }}
          />
          With what you wrote
        </label>
      </div>
    </>
  );
}

function FormatButtons({ choose }: { readonly choose: (format: TranscriptFormat) => void }) {
  return (
    <div class="save-formats">
      {formats.map(([format, label]) => (
        <button
          key={format}
          type="button"
          class="button"
          data-export={format}
          onClick={() => {
            choose(format);
          }}
        >
          <strong>{format.toUpperCase()}</strong> {label}
        </button>
      ))}
    </div>
  );
}

const formats: readonly (readonly [TranscriptFormat, string])[] = [
  ['vtt', 'subtitles for the web'],
  ['srt', 'subtitles for players'],
  ['csv', 'a table'],
  ['json', 'for programs'],
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
