import type { PageCommands } from '../commands.js';

/** Lets the model watch a webcam or a screen; absent where the browser gives neither, as without HTTPS. */
export function CameraButtons({ film }: Pick<PageCommands, 'film'>) {
  const button = (what: 'webcam' | 'screen', label: string) => (
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
    </div>
  );
}

function gives(method: 'getUserMedia' | 'getDisplayMedia'): boolean {
  return 'mediaDevices' in navigator && method in navigator.mediaDevices;
}
