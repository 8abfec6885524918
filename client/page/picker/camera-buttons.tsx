import type { PageCommands } from '../commands.js';
import type { Filmed } from '../state/view.js';
import { SenderButtons, type SenderButtonsProps } from './sender-buttons.js';

interface CameraButtonsProps extends SenderButtonsProps, Pick<PageCommands, 'film'> {}

/**
 * Lets the model watch what comes as it happens: a webcam, a screen, a window, what OBS streams, a test
 * pattern. Those that the browser does not give are absent, as without HTTPS.
 */
export function CameraButtons({ film, ...senders }: CameraButtonsProps) {
  const button = (what: Filmed, label: string) => (
    <button
      type="button"
      class="chip"
      data-films={what}
      onClick={() => {
        void film(what);
      }}
    >
      {label}
    </button>
  );
  return (
    <div class="cameras" id="cameras">
      {gives('getUserMedia') && button('webcam', 'Webcam')}
      {gives('getDisplayMedia') && button('screen', 'Screen')}
      {gives('getDisplayMedia') && button('window', 'Window')}
      <SenderButtons {...senders} />
      {button('pattern', 'Test pattern')}
    </div>
  );
}

function gives(method: 'getUserMedia' | 'getDisplayMedia'): boolean {
  return 'mediaDevices' in navigator && method in navigator.mediaDevices;
}
