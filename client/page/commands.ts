import type { WireLiveSettings } from '../../server/settings/wire-name.js';
import type { Filmed } from './state/view.js';
import type { Playback } from './playback/video-player.js';
import type { Observed } from './state/observed.js';
import type { ChosenVideo, DuetView, ShownQuestion } from './state/view.js';

/** What the user can do. Times are seconds on the video's clock. */
export interface PageCommands {
  /**
   * Opens a session about a video and, with a question unless told otherwise, starts the video and asks it.
   */
  readonly choose: (video: ChosenVideo, question: string | null, atOnce?: boolean) => void;
  /** The same for a file already on the server under this id. */
  readonly chooseUpload: (file: File, uploadId: string) => void;
  /** Asks the browser for a webcam or a screen, and lets the model watch it at once. */
  readonly film: (what: Filmed) => Promise<void>;
  /** Starts the chosen video, or starts over if it has been watched. */
  readonly start: () => void;
  /** The same, and asks this before the first frame. */
  readonly startWith: (question: string) => void;
  /** Pauses or resumes: the session while it runs, only the video afterwards. */
  readonly togglePause: () => void;
  readonly toggleSound: () => void;
  readonly stop: () => void;
  /** Shows a moment; while the session goes on at most the one where the model is. The session goes on. */
  readonly seek: (videoTime: number) => void;
  /** Goes back from what was to where the model is. */
  readonly follow: () => void;
  /** Shows a moment: in the conversation, on the plot, and in the video. */
  readonly goTo: (videoTime: number) => void;
  /** The mouse points at the frame with this index; null for none. */
  readonly point: (frame: number | null) => void;
  /** The keyboard has gone to this frame; null lets go. */
  readonly walkTo: (frame: number | null) => void;
  readonly say: (text: string) => void;
  /** Adds a question that stands until it is removed, apart from the conversation. */
  readonly watchFor: (text: string) => void;
  /** The question with this id is to be answered no more. */
  readonly removeQuestion: (id: string) => void;
  /** Another threshold for a question that stands; null for that of the policy. */
  readonly setThreshold: (question: ShownQuestion, threshold: number | null) => void;
  /** Shows only what was said about a question; null: all. */
  readonly filter: (questionId: string | null) => void;
  readonly cancelReply: () => void;
  /** Resolves with a token with which others may read the session. */
  readonly share: () => Promise<string>;
  /** Shows or hides the replies that were suppressed; saved conversations follow. */
  readonly showSuppressed: (shown: boolean) => void;
  /** Changes settings of this session, or of the next one when this one is over. */
  readonly update: (patch: Partial<WireLiveSettings>) => void;
  /** Tries settings out on what was scored, without changing any; null ends it. */
  readonly tryOut: (settings: WireLiveSettings | null) => void;
  /** Uses a model from now on, also for this video if it has not begun; null: the one that suits each. */
  readonly useModel: (name: string | null) => void;
  /** Opens a new session with the model's recommended settings for a task. */
  readonly useTask: (task: string) => void;
  /** Shows the user what went wrong. */
  readonly fail: (thrown: unknown) => void;
  readonly dismissProblem: () => void;
  /** Goes to the list of sessions, and lets this one go on. */
  readonly leaveRunning: () => void;
  /** Goes back to the choice of videos. */
  readonly leave: () => void;
}

/** The props of most components: what to show, and what the user can do. */
export interface PageProps {
  readonly view: DuetView;
  /** The state of the video element; it changes on every animation frame. */
  readonly playback: Observed<Playback>;
  readonly commands: PageCommands;
}
