import './upload-area.css';
import type { TargetedEvent } from 'preact';
import { Icon } from '../parts/icon.js';
import type { FileUpload } from './use-upload.js';

/** Where a file is chosen, and its progress on the way to the server. */
export function UploadArea({ upload, over }: { readonly upload: FileUpload; readonly over: boolean }) {
  return (
    <section class="own" aria-labelledby="upload-heading">
      <h2 class="section-title" id="upload-heading">
        Your own video
      </h2>
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
