import './save-buttons.css';
import { useState } from 'preact/hooks';
import { PopoverButton } from '../parts/popover-button.js';
import { isSaid, type DuetView } from '../state/view.js';
import { transcript, type TranscriptFormat } from './transcript.js';

/** A button that shows what the conversation can be saved as, and whether what the user wrote is in it. */
export function SaveButtons({ view }: { readonly view: DuetView }) {
  const [user, setUser] = useState(true);
  const nothing = !view.turns.some((turn) => isSaid(turn) && turn.videoTime !== null);
  return (
    <PopoverButton
      id="save"
      label="Save"
      title="Subtitles, a table or JSON"
      heading="Save the conversation"
      disabled={nothing}
    >
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
    </PopoverButton>
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
