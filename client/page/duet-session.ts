import type { SourceRequest } from '../../server/protocol/client-messages.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { onlyLive } from '../../server/settings/controls.js';
import type { WireLiveSettings } from '../../server/settings/wire-name.js';
import { connectDuet } from '../sdk/connect-duet.js';
import type { DuetClient, Fields } from '../sdk/duet-client.js';
import type { ChosenVideo } from './chosen-video.js';
import { problemOfLoss, problemOfThrown } from './state/problem.js';
import type { Store } from './store.js';

/** Hears every message of the server the moment it arrives, before it is shown. */
export type Listener = (message: ServerMessage) => void;

/**
 * The page's one session: opens it for the chosen video, passes the person's wishes on and the events back to
 * the store.
 */
export class DuetSession {
  readonly #store: Store;
  readonly #socketUrl: string;
  readonly #hear: Listener;
  #client: DuetClient | null = null;
  #video: ChosenVideo | null = null;
  /** The question to ask as soon as there is a session. */
  #question: string | null = null;

  constructor(store: Store, socketUrl: string, hear: Listener) {
    this.#store = store;
    this.#socketUrl = socketUrl;
    this.#hear = hear;
  }

  get video(): ChosenVideo | null {
    return this.#video;
  }

  /**
   * Opens a session for a video, with the settings of the session before; with a question, starts the video
   * and asks it.
   */
  async choose(video: ChosenVideo, question: string | null): Promise<void> {
    this.#question = question;
    this.#store.dispatch({ type: 'local.prepare' });
    await this.#open(video, this.#sameSettings());
    if (question !== null && this.#video === video && this.#store.view.phase === 'ready') await this.start();
  }

  /** The chosen video has a new place on the server. */
  moveTo(source: SourceRequest): void {
    if (this.#video !== null) this.#video = { ...this.#video, source };
  }

  /** Opens a new session with what the model's maker recommends for a task. */
  async useTask(task: string): Promise<void> {
    if (this.#video === null) return;
    this.#store.dispatch({ type: 'local.prepare' });
    await this.#open(this.#video, { task });
  }

  async #open(video: ChosenVideo, opening: Fields<'session.open'>): Promise<void> {
    void this.#client?.close();
    this.#video = video;
    const client = connectDuet(this.#socketUrl, {
      onConnection: (state) => {
        if (client === this.#client) this.#store.dispatch({ type: 'local.connection', state });
      },
    });
    this.#client = client;
    void this.#listen(client);
    // Why it failed comes as an event, or ends the iteration.
    await client.open(opening).catch(() => undefined);
  }

  #sameSettings(): Fields<'session.open'> {
    const { settings } = this.#store.view;
    return settings === null ? {} : { settings: onlyLive(settings) };
  }

  /**
   * Starts the video; over again in a new session where one has been watched already. A question is asked
   * before the first frame, also when that takes another attempt.
   */
  async start(question: string | null = null): Promise<void> {
    const { phase } = this.#store.view;
    if (this.#video === null || phase === 'preparing' || phase === 'starting') return;
    this.#question = question ?? this.#question;
    if (phase !== 'ready') {
      this.#store.dispatch({ type: 'local.again' });
      await this.#open(this.#video, this.#sameSettings());
    }
    if (this.#store.view.phase !== 'ready') return;
    this.#store.dispatch({ type: 'local.start' });
    if (this.#question !== null) this.say(this.#question);
    this.#question = null;
    this.#try((client, video) => client.startSource(video.source, { pacing: 'realtime' }));
  }

  pause(): void {
    this.#try((client) => client.pauseSource());
    this.#store.dispatch({ type: 'local.pause' });
  }

  unpause(): void {
    this.#try((client) => client.resumeSource());
    this.#store.dispatch({ type: 'local.unpause' });
  }

  stop(): void {
    this.#try((client) => client.stopSource());
  }

  say(text: string): void {
    this.#try((client) => {
      const eventId = client.say(text);
      this.#store.dispatch({ type: 'local.say', eventId, text });
    });
  }

  cancelReply(): void {
    this.#try((client) => client.cancel());
  }

  /** Changes settings of the session; once it is gone, those of the next one. */
  update(patch: Partial<WireLiveSettings>): void {
    if (this.#store.view.connection.type === 'closed')
      this.#store.dispatch({ type: 'local.settings', patch });
    else this.#try((client) => client.update(patch));
  }

  leave(): void {
    void this.#client?.close();
    this.#client = null;
    this.#video = null;
    this.#store.dispatch({ type: 'local.leave' });
  }

  #try(act: (client: DuetClient, video: ChosenVideo) => void): void {
    if (this.#client === null || this.#video === null) return;
    try {
      act(this.#client, this.#video);
    } catch (thrown) {
      this.#store.dispatch({ type: 'local.problem', problem: problemOfThrown(thrown) });
    }
  }

  async #listen(client: DuetClient): Promise<void> {
    try {
      for await (const message of client) {
        if (client !== this.#client) return;
        this.#hear(message);
        this.#store.dispatch(message);
      }
    } catch (thrown) {
      // A refusal has been told already, in better words than those of the connection that ends with it.
      const { phase, problem } = this.#store.view;
      if (client !== this.#client || (phase === 'failed' && problem !== null)) return;
      this.#store.dispatch({ type: 'local.lost', problem: problemOfLoss(thrown) });
    }
  }
}
