import './picker.css';
import type { PageProps } from '../commands.js';
import { SampleCards } from './sample-cards.js';
import { UploadArea } from './upload-area.js';
import type { ServerSources } from './server-sources.js';
import type { FileUpload } from './use-upload.js';

/** The choice of videos: one of one's own, or a sample. */
export function Picker({ view, commands, ...own }: PickerProps) {
  return (
    <section class="picker" id="picker" aria-labelledby="picker-heading" hidden={view.phase !== 'idle'}>
      <div class="picker-top">
        <Introduction />
        <UploadArea {...commands} {...own} />
      </div>
      <h2 class="section-title" id="samples-heading">
        Or a sample: pick a clip or a question
      </h2>
      <SampleCards choose={commands.choose} />
    </section>
  );
}

interface PickerProps extends Pick<PageProps, 'view' | 'commands'> {
  readonly upload: FileUpload;
  /** What the server opens; null while it has not told. */
  readonly sources: ServerSources | null;
}

function Introduction() {
  return (
    <div class="picker-intro">
      <h1 id="picker-heading">Watch something together</h1>
      <p>
        A video plays and a model watches it with you. It speaks by itself when it sees something worth
        saying, and you may ask whatever you like, whenever you like.
      </p>
    </div>
  );
}
