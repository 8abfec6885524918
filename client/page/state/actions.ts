import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import type { ConnectionState } from '../../sdk/options.js';
import type { Problem } from './view.js';

/** What the page itself does; the server's messages are actions too. */
export type LocalAction =
  /** A video was chosen and a session is being opened for it. */
  | { readonly type: 'local.prepare' }
  /** A new session is being opened for the same video; what is shown stays until it is there. */
  | { readonly type: 'local.again' }
  | { readonly type: 'local.start' }
  | { readonly type: 'local.pause' }
  | { readonly type: 'local.unpause' }
  | { readonly type: 'local.say'; readonly eventId: string; readonly text: string }
  /** Settings for the next session, changed while none is open. */
  | { readonly type: 'local.settings'; readonly patch: Partial<WireLiveSettings> }
  | { readonly type: 'local.connection'; readonly state: ConnectionState }
  | { readonly type: 'local.problem'; readonly problem: Problem }
  /** The session has come to an end that nobody asked for. */
  | { readonly type: 'local.lost'; readonly problem: Problem }
  | { readonly type: 'local.dismiss' }
  /** Back to the choice of videos. */
  | { readonly type: 'local.leave' };

/** Everything that changes the view. */
export type Action = ServerMessage | LocalAction;
