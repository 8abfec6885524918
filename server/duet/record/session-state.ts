import type { Pace } from '../../runtime/model.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import { Counters } from './counters.js';
import type { EventArchive } from './event-archive.js';
import { EventLog } from './event-log.js';
import type { SessionHappening } from './events.js';
import type { RecordedState } from './recorded-state.js';

/** Who a session belongs to, as access control names them; null for nobody: anyone may use it. */
export type SessionOwner = string | null;

/** What a session begins with. */
export interface SessionBeginning {
  readonly id: string;
  /** Default: null. */
  readonly owner?: SessionOwner;
  readonly settings: SessionSettings;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Counts what happens in the session; default: not shared. */
  readonly counters?: Counters;
  /** Learns how late each frame of a source in real time was scored, and on which worker. */
  readonly onDelay?: OnDelay;
  /** Keeps its events beyond memory; default: memory only. */
  readonly archive?: EventArchive | undefined;
  /** What is recorded of the session so far, if it goes on; default: it begins. */
  readonly recorded?: RecordedState | undefined;
}

/** How late one frame was, in milliseconds. */
export interface FrameDelay {
  /** From its time to its score. */
  readonly lateMs: number;
  /** The same without the time in which its own session replied, when no other session made it wait. */
  readonly waitedMs: number;
}

type OnDelay = (delay: FrameDelay, worker: number | null) => void;

/** State shared by the parts of one session: its settings, its position in the video, and its record. */
export class SessionState {
  readonly id: string;
  readonly owner: SessionOwner;
  readonly log: EventLog;
  readonly archive: EventArchive | undefined;
  readonly counters: Counters;
  readonly onDelay: OnDelay;
  /** Replaced as a whole on change; read them at every step to see changes at once. */
  settings: SessionSettings;
  /** Replies made, told or not, before the session was opened again; they have had their numbers. */
  readonly repliesBefore: number;
  /** Media time of the newest frame processed from the current source; before its first, where it begins. */
  videoTime: number;
  /** How urgent the session's model calls are: `fast` while it plays a source as fast as it goes. */
  pace: Pace = 'realtime';
  /** Index of the model's worker that has the session's contexts; null if its model has no workers. */
  worker: number | null = null;
  /** Called with everything that is recorded, after it was. */
  onRecorded: ((happening: SessionHappening) => void) | null = null;

  constructor(beginning: SessionBeginning) {
    this.id = beginning.id;
    this.owner = beginning.owner ?? null;
    this.settings = beginning.settings;
    const { now, archive, recorded } = beginning;
    this.archive = archive;
    this.videoTime = recorded?.videoTime ?? 0;
    const after = recorded && { seq: recorded.lastSeq, elapsedMs: recorded.elapsedMs };
    this.log = new EventLog({ now, archive, after });
    this.counters = beginning.counters ?? new Counters();
    this.onDelay = beginning.onDelay ?? (() => undefined);
    this.repliesBefore = recorded ? recorded.replies + recorded.suppressed : 0;
    this.#listenTo(archive);
  }

  /** Records something that happened at `videoTime`; default: the current position. */
  record(happening: SessionHappening, videoTime = this.videoTime): void {
    this.log.append(happening, videoTime);
    this.counters.count(happening);
    this.onRecorded?.(happening);
  }

  /** Nothing is recorded behind the end of a session; it is only counted. */
  #tell(happening: SessionHappening): void {
    if (this.log.isEnded) this.counters.count(happening);
    else this.record(happening);
  }

  #listenTo(archive: EventArchive | undefined): void {
    archive?.listen({
      released: (seq) => {
        this.log.release(seq);
      },
      failed: ({ code, message }) => {
        this.#tell({ type: 'session.record.failed', code, message });
      },
      recovered: (missedEvents) => {
        this.#tell({ type: 'session.record.recovered', missedEvents });
      },
    });
  }
}
