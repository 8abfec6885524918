import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { DuetPlayer } from './duet-player.js';
import type { ServerMessage } from './protocol.js';

/** What `<duet-player>` takes in JSX. */
interface DuetPlayerProps extends DetailedHTMLProps<HTMLAttributes<DuetPlayer>, DuetPlayer> {
  readonly server?: string;
  readonly sample?: string;
  readonly src?: string;
  readonly ask?: string;
  readonly model?: string;
  readonly threshold?: number | string;
  readonly token?: string;
  /** Heard by React 19. */
  readonly onduet?: (event: CustomEvent<ServerMessage>) => void;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'duet-player': DuetPlayerProps;
    }
  }
}
