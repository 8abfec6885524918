import { useState } from 'preact/hooks';
import type { PageProps } from '../commands.js';
import { CopyField } from '../parts/copy-field.js';
import { PopoverButton } from '../parts/popover-button.js';
import { httpAddress } from '../server/http.js';

/** A button that shows the address of the overlay, to paste into OBS. */
export function OverlayLink({ view, commands }: PageProps) {
  const [address, setAddress] = useState('');
  const find = (): void => {
    setAddress('');
    overlayAddress(commands.share).then(setAddress, commands.fail);
  };
  return (
    <PopoverButton
      id="overlay"
      label="OBS"
      title="Captions over the picture of OBS"
      heading="Captions for OBS"
      hidden={view.sessionId === null}
      onClick={find}
    >
      <CopyField id="overlay-address" label="Overlay" text={address} />
      <p class="popover-hint">
        In OBS: Sources, +, Browser; paste this as URL, 1920 × 1080.{' '}
        {address.includes('token=') ? onlyThis : anySession}
      </p>
    </PopoverButton>
  );
}

const onlyThis = 'Whoever has the address can read this session.';
const anySession = 'It shows whatever session is the newest, so it is set up once.';

/**
 * Where sessions may be listed, the one that shows the newest; else one with a token that reads this session
 * alone.
 */
async function overlayAddress(share: () => Promise<string>): Promise<string> {
  const overlay = new URL(httpAddress('/overlay'));
  const { ok } = await fetch(httpAddress('/v1/sessions?limit=1'));
  if (!ok) overlay.searchParams.set('token', await share());
  return overlay.href;
}
