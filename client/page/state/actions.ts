import type { WireSource } from '../../../server/protocol/client-messages.js';
import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import type { ConnectionState } from '../../sdk/options.js';
import type { ChosenVideo, Problem, ShownModel } from './view.js';

/** Everything that changes the view. */
export type Action = ServerMessage | LocalAction;

/** What the page itself does; the server's messages are actions too. */
export type LocalAction =
  /** The server has told its models. */
  | { readonly type: 'local.models'; readonly models: readonly ShownModel[] }
  /** The person wants this model for all videos; null: the one that suits each. */
  | { readonly type: 'local.model'; readonly name: string | null }
  /** A video was chosen and a session is being opened for it. */
  | {
      readonly type: 'local.choose';
      readonly video: ChosenVideo;
      /** What will be asked as soon as the person starts the video; null for nothing. */
      readonly asks: string | null;
    }
  /** A session is being opened for the chosen video. */
  | { readonly type: 'local.prepare' }
  /** The chosen video has a new place on the server. */
  | { readonly type: 'local.moved'; readonly source: WireSource }
  /** A new session is being opened for the same video; what is shown stays until it is there. */
  | { readonly type: 'local.again' }
  | { readonly type: 'local.start' }
  | { readonly type: 'local.pause' }
  | { readonly type: 'local.unpause' }
  | { readonly type: 'local.say'; readonly eventId: string; readonly text: string }
  /** Settings for the next session, changed while none is open. */
  | { readonly type: 'local.settings'; readonly patch: Partial<WireLiveSettings> }
  /** Settings to try out on what was scored; null ends it. */
  | { readonly type: 'local.try'; readonly settings: WireLiveSettings | null }
  | { readonly type: 'local.connection'; readonly state: ConnectionState }
  | { readonly type: 'local.problem'; readonly problem: Problem }
  /** The session has come to an end that nobody asked for. */
  | { readonly type: 'local.lost'; readonly problem: Problem }
  | { readonly type: 'local.dismiss' }
  /** Only the turns about this question are shown; null: all. */
  | { readonly type: 'local.filter'; readonly questionId: string | null }
  /** Suppressed replies are shown, or hidden again. */
  | { readonly type: 'local.suppressed'; readonly shown: boolean }
  /** A moment was clicked. */
  | { readonly type: 'local.pick'; readonly videoTime: number }
  /** The frame with this index is pointed at; null for none. `aloud`: with the keyboard. */
  | { readonly type: 'local.point'; readonly frame: number | null; readonly aloud: boolean }
  /** Back to the choice of videos. */
  | { readonly type: 'local.leave' };
