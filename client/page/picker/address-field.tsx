import './address-field.css';
import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { PageCommands } from '../commands.js';
import { videoAt } from './address.js';
import type { ServerSources } from './server-sources.js';

interface AddressFieldProps extends Pick<PageCommands, 'choose'> {
  readonly sources: ServerSources | null;
}

/** Where the address of a stream or a file is written; says beforehand what this server does not fetch. */
export function AddressField({ sources, choose }: AddressFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const refused = sources?.addresses === 'none';
  const watch = (event: Event): void => {
    event.preventDefault();
    const written = field.current?.value.trim() ?? '';
    const found = videoAt(written);
    if ('video' in found) choose(found.video, null, true);
    else field.current?.focus();
    setFault('fault' in found ? found.fault : null);
  };
  return (
    <form class="address" id="address" onSubmit={watch} noValidate>
      <label class="visually-hidden" for="address-field">
        Address of a stream or a video
      </label>
      <AddressInput
        {...{ field, refused }}
        isWrong={fault !== null}
        changed={() => {
          setFault(null);
        }}
      />
      <button type="submit" class="button" disabled={refused}>
        Watch
      </button>
      <AddressHint fault={fault} addresses={sources?.addresses ?? 'all'} />
    </form>
  );
}

interface AddressHintProps {
  readonly fault: string | null;
  readonly addresses: ServerSources['addresses'];
}

function AddressHint({ fault, addresses }: AddressHintProps) {
  return (
    <p
      class="address-hint"
      id="address-hint"
      data-fault={fault !== null}
      data-plain={fault === null && addresses === 'all'}
      role={fault === null ? undefined : 'alert'}
    >
      {fault ?? hints[addresses]}
    </p>
  );
}

interface AddressInputProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly refused: boolean;
  readonly isWrong: boolean;
  readonly changed: () => void;
}

function AddressInput({ field, refused, isWrong, changed }: AddressInputProps) {
  return (
    <input
      type="text"
      inputMode="url"
      id="address-field"
      placeholder="rtsp://, rtmp://, srt://, https://…"
      ref={field}
      maxLength={4096}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      disabled={refused}
      aria-invalid={isWrong}
      aria-describedby="address-hint"
      onInput={changed}
    />
  );
}

const hints: Record<ServerSources['addresses'], string> = {
  all: 'a camera, a stream (RTSP, RTMP, SRT, HLS) or a file on the web',
  public: 'Public addresses only: start the server with --allow-private-urls for those of its own network',
  none: 'This server fetches no addresses: start it with --allow-urls, or upload the video',
};
