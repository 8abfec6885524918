import './picker.css';
import { useState } from 'preact/hooks';
import type { PageProps } from '../commands.js';
import { SampleCards } from './sample-cards.js';
import { UploadArea } from './upload-area.js';
import { useUpload } from './use-upload.js';

/** The choice of videos: a file of one's own, dropped or chosen, or a sample. */
export function Picker({ view, commands }: PageProps) {
  const upload = useUpload(commands.chooseUpload, commands.fail);
  const [over, setOver] = useState(false);
  const dragOver = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file === undefined) return;
    event.preventDefault();
    upload.send(file);
  };
  return (
    <section
      class="picker"
      id="picker"
      aria-labelledby="picker-heading"
      hidden={view.phase !== 'idle'}
      onDragOver={dragOver}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      <div class="picker-top">
        <Introduction />
        <UploadArea {...commands} upload={upload} over={over} />
      </div>
      <h2 class="section-title" id="samples-heading">
        Or a sample: pick a clip or a question
      </h2>
      <SampleCards choose={commands.choose} />
    </section>
  );
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
