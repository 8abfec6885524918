import './upload-area.css';
import type { TargetedEvent } from 'preact';
import type { PageCommands } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { AddressField } from './address-field.js';
import { CameraButtons } from './camera-buttons.js';
import type { ServerSources } from './server-sources.js';
import type { FileUpload } from './use-upload.js';

interface UploadAreaProps extends Pick<PageCommands, 'choose' | 'film'> {
  readonly upload: FileUpload;
  readonly sources: ServerSources | null;
}

/** Where a video of one's own is chosen: a file, with its progress on the way to the server, or a stream. */
export function UploadArea({ upload, sources, choose, film }: UploadAreaProps) {
  return (
    <section class="own" aria-labelledby="upload-heading">
      <h2 class="section-title" id="upload-heading">
        Your own video
      </h2>
      <label class="drop" id="drop" for="file">
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
      <AddressField sources={sources} choose={choose} />
      <CameraButtons film={film} sources={sources} choose={choose} />
      <IngestHint sources={sources} />
      <UploadProgress upload={upload} />
    </section>
  );
}

/** What to do where nothing can be pushed. */
function IngestHint({ sources }: { readonly sources: ServerSources | null }) {
  if (sources === null || sources.protocols.length > 0) return null;
  return (
    <p class="ingest-hint" id="ingest-hint">
      To stream from OBS, start the server with <code>--ingest-rtmp 127.0.0.1:1935</code>
    </p>
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
