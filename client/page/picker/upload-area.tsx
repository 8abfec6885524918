import './upload-area.css';
import type { TargetedEvent } from 'preact';
import type { PageCommands } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { CameraButtons } from './camera-buttons.js';
import { SenderButtons } from './sender-buttons.js';
import type { FileUpload } from './use-upload.js';

interface UploadAreaProps extends Pick<PageCommands, 'choose' | 'film'> {
  readonly upload: FileUpload;
  /** Whether a file is being dragged over the page. */
  readonly over: boolean;
}

/** Where a video of one's own is chosen: a file, with its progress on the way to the server, or a stream. */
export function UploadArea({ upload, over, choose, film }: UploadAreaProps) {
  return (
    <section class="own" aria-labelledby="upload-heading">
      <div class="own-head">
        <h2 class="section-title" id="upload-heading">
          Your own video
        </h2>
        <SenderButtons choose={choose} />
      </div>
      <label class={over ? 'drop over' : 'drop'} id="drop" for="file">
        <Icon name="upload" class="drop-icon" />
        <span class="drop-text">
          <span id="drop-title" class="drop-title">
            Choose a file<span class="drop-or"> or drop it here</span>
          </span>
          <span id="drop-hint" class="drop-hint">
            MP4, WebM, MOV and most others
          </span>
        </span>
        <FileInput send={upload.send} />
      </label>
      <CameraButtons film={film} />
      <UploadProgress upload={upload} />
    </section>
  );
}

function FileInput({ send }: { readonly send: FileUpload['send'] }) {
  const choose = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    const [file] = currentTarget.files ?? [];
    if (file !== undefined) send(file);
    // The same file may be chosen again after a failure.
    currentTarget.value = '';
  };
  return (
    <input
      type="file"
      id="file"
      class="visually-hidden"
      accept="video/*,.mkv,.ts,.m2ts,.avi,.flv"
      aria-labelledby="upload-heading drop-title"
      aria-describedby="drop-hint"
      onChange={choose}
    />
  );
}

function UploadProgress({ upload: { progress, cancel } }: { readonly upload: FileUpload }) {
  return (
    <div class="upload" id="upload" hidden={progress === null}>
      <progress id="upload-progress" max={1} value={progress?.part ?? 0} aria-labelledby="upload-text" />
      <p class="upload-text" id="upload-text" role="status">
        {progress === null ? '' : `${progress.name}: ${partText(progress.part)}`}
      </p>
      <button type="button" class="button quiet" id="upload-cancel" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}

function partText(part: number): string {
  return part < 1 ? `${Math.floor(part * 100)} %` : 'checking …';
}
