import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { DuetPlayer, DuetPlayerAttributes } from './duet-player.js';
import type { ServerMessage } from './protocol.js';

/** What `<duet-player>` takes in JSX; React 19 hears its events, too. */
type DuetPlayerProps = DetailedHTMLProps<HTMLAttributes<DuetPlayer>, DuetPlayer> &
  DuetPlayerAttributes & { onduet?: (event: CustomEvent<ServerMessage>) => void };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'duet-player': DuetPlayerProps;
    }
  }
}
