import './drop-anywhere.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { DuetClientError } from '../../sdk/client-error.js';
import type { PageProps } from '../commands.js';
import { videoAt } from './address.js';
import type { FileUpload } from './use-upload.js';

interface DropAnywhereProps extends Pick<PageProps, 'view' | 'commands'> {
  readonly upload: FileUpload;
}

/** Takes files and links that are dragged over the page, wherever they are let go; says so meanwhile. */
export function DropAnywhere({ view, commands, upload }: DropAnywhereProps) {
  const isWatching = view.phase !== 'idle';
  const over = useDropping((data) => {
    const [file] = data.files;
    if (isWatching) commands.leave();
    if (file !== undefined) upload.send(file);
    else chooseAddress(data.getData('text/uri-list').split(/[\r\n]+/)[0] ?? '', commands);
  });
  const text = isWatching ? 'Let go to watch this; the video that is open now ends' : 'Let go to watch it';
  return (
    <div class="drop-anywhere" id="drop-anywhere" hidden={!over}>
      <p>{text}</p>
    </div>
  );
}

/** An address that was dropped is shown, and waits for the person to start it. */
function chooseAddress(address: string, { choose, fail }: PageProps['commands']): void {
  const found = videoAt(address);
  if ('video' in found) choose(found.video, null);
  else fail(new DuetClientError('invalid_request', found.fault));
}

/** Whether something that can be dropped is over the page. */
function useDropping(drop: (data: DataTransfer) => void): boolean {
  const [over, setOver] = useState(false);
  const newest = useRef(drop);
  newest.current = drop;
  useEffect(() => {
    const listening = new AbortController();
    const on = (type: 'dragover' | 'dragleave' | 'drop', hear: HearDrag): void => {
      const listener = (event: DragEvent): void => {
        const { dataTransfer: data } = event;
        if (data !== null && isWatchable(data)) hear(event, data);
      };
      document.addEventListener(type, listener, { signal: listening.signal });
    };
    on('dragover', (event) => {
      event.preventDefault();
      setOver(true);
    });
    on('dragleave', ({ relatedTarget }) => {
      // Only where it leaves the page, not one element for another.
      if (relatedTarget === null) setOver(false);
    });
    on('drop', (event, data) => {
      event.preventDefault();
      setOver(false);
      newest.current(data);
    });
    return () => {
      listening.abort();
    };
  }, []);
  return over;
}

type HearDrag = (event: DragEvent, data: DataTransfer) => void;

function isWatchable({ types }: DataTransfer): boolean {
  return types.includes('Files') || types.includes('text/uri-list');
}
