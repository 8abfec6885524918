import type { SessionSettings } from '../../settings/session-settings.js';
import { Counters } from './counters.js';
import { EventLog } from './event-log.js';
import type { SessionHappening } from './events.js';

/** Who a session belongs to, as whoever admits clients names them; null: nobody, anyone may use it. */
export type SessionOwner = string | null;

/** What a session's state begins with. */
export interface SessionBeginning {
  readonly id: string;
  /** Default: nobody. */
  readonly owner?: SessionOwner;
  readonly settings: SessionSettings;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Where the session is counted; default: nowhere. */
  readonly counters?: Counters;
}

/** What the parts of one session share: its settings, its place in the video, and its record. */
export class SessionState {
  readonly id: string;
  readonly owner: SessionOwner;
  readonly log: EventLog;
  readonly counters: Counters;
  /** Replaced as a whole when they change; whoever reads them at every step sees changes at once. */
  settings: SessionSettings;
  /** Media time of the newest frame taken in from the present source; 0 before its first. */
  videoTime = 0;

  constructor(beginning: SessionBeginning) {
    this.id = beginning.id;
    this.owner = beginning.owner ?? null;
    this.settings = beginning.settings;
    this.log = new EventLog({ now: beginning.now });
    this.counters = beginning.counters ?? new Counters();
  }

  /** Records something that happened at `videoTime`; default: where the video is. */
  record(happening: SessionHappening, videoTime = this.videoTime): void {
    this.log.append(happening, videoTime);
    this.counters.count(happening);
  }
}
