import type { WireLiveSettings } from '../../server/settings/wire-name.js';
import type { Playback } from './playback/video-player.js';
import type { Observed } from './state/observed.js';
import type { ChosenVideo, DuetView } from './state/view.js';

/** What most components are given: what there is to show, and what the person can do. */
export interface PageProps {
  readonly view: DuetView;
  /** What the picture is doing; it changes with every picture of the screen. */
  readonly playback: Observed<Playback>;
  readonly commands: PageCommands;
}

/** What the person can do. Times are seconds on the video's clock. */
export interface PageCommands {
  /** Opens a session about a video; with a question, starts the video and asks it. */
  readonly choose: (video: ChosenVideo, question: string | null) => void;
  /** The same for a file that lies on the server under this id. */
  readonly chooseUpload: (file: File, uploadId: string) => void;
  /** Starts the chosen video, or starts over where it has been watched. */
  readonly start: () => void;
  /** The same, and asks this before the first frame. */
  readonly startWith: (question: string) => void;
  /** Pauses or goes on: the session while it runs, the video alone afterwards. */
  readonly togglePause: () => void;
  readonly toggleSound: () => void;
  readonly stop: () => void;
  readonly seek: (videoTime: number) => void;
  /** Shows a moment: in the conversation, on the plot, and in the video once the session is over. */
  readonly goTo: (videoTime: number) => void;
  /** The mouse points at the frame with this index; null for none. */
  readonly point: (frame: number | null) => void;
  /** The keyboard has gone to this frame; null lets go. */
  readonly walkTo: (frame: number | null) => void;
  readonly say: (text: string) => void;
  readonly cancelReply: () => void;
  /** Changes settings of this session, or of the next one when this one is over. */
  readonly update: (patch: Partial<WireLiveSettings>) => void;
  /** Opens a new session with what the model's maker recommends for a task. */
  readonly useTask: (task: string) => void;
  /** Tells the person what went wrong. */
  readonly fail: (thrown: unknown) => void;
  readonly dismissProblem: () => void;
  /** Goes back to the choice of videos. */
  readonly leave: () => void;
}
