import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import { onlyLive } from '../../../server/settings/controls.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import { connectDuet } from '../../sdk/connect-duet.js';
import type { DuetClient, Fields } from '../../sdk/duet-client.js';
import { problemOfLoss, problemOfThrown } from '../state/problem.js';
import type { Store } from '../state/store.js';
import { suitedTo } from '../state/suited-model.js';
import type { ChosenVideo, ShownQuestion } from '../state/view.js';
import { toldMessages } from './told-messages.js';

/**
 * The page's one session: opens it for the chosen video, sends the user's commands and passes the events to
 * the store.
 */
export class PageSession {
  readonly #store: Store;
  readonly #socketUrl: string;
  readonly #hear: (message: ServerMessage) => void;
  #client: DuetClient | null = null;
  /** The question to ask as soon as there is a session. */
  #question: string | null = null;
  /** The settings of the last session of each model. */
  readonly #settings = new Map<string, Partial<WireLiveSettings>>();
  readonly #modelsKnown: Promise<void>;
  readonly #looksAtPreview: () => boolean;
  /** Whether the session goes on when the page closes. */
  #isKept = false;

  /**
   * @param hear is told every message of the server the moment it arrives, before it is shown
   * @param modelsKnown resolves when the view has the server's models, or will not have them
   * @param looksAtPreview whether the page cannot play the video itself
   */
  constructor(
    store: Store,
    socketUrl: string,
    hear: (message: ServerMessage) => void,
    modelsKnown: Promise<void>,
    looksAtPreview: () => boolean,
  ) {
    this.#store = store;
    this.#socketUrl = socketUrl;
    this.#hear = hear;
    this.#modelsKnown = modelsKnown;
    this.#looksAtPreview = looksAtPreview;
  }

  /**
   * Opens a session for a video, with the model that suits it, and the settings of that model's session
   * before; at once, starts the video, too. A question is asked when it starts.
   */
  async choose(video: ChosenVideo, question: string | null, atOnce: boolean): Promise<void> {
    this.#question = question;
    this.#rememberSettings();
    this.#isKept = false;
    this.#store.dispatch({ type: 'local.choose', video, asks: atOnce ? null : question });
    await this.#openSuited();
    const { view } = this.#store;
    if (atOnce && view.video === video && view.phase === 'ready') await this.start();
  }

  /**
   * Goes on with a session that was left running; what happened until now is told again. From then on it is
   * left, rather than closed, with the page.
   */
  async resume(sessionId: string, video: ChosenVideo): Promise<void> {
    this.#isKept = true;
    this.#question = null;
    this.#store.dispatch({ type: 'local.choose', video, asks: null });
    await this.#connect((client) => client.resume(sessionId, 0));
  }

  /** Shows a session that has ended, from its record; whatever is said or started next opens another one. */
  async show(sessionId: string, video: ChosenVideo): Promise<void> {
    this.#question = null;
    this.#store.dispatch({ type: 'local.choose', video, asks: null });
    this.#store.dispatch({ type: 'local.connection', state: { type: 'closed', code: 1000, error: null } });
    for await (const message of toldMessages(sessionId)) {
      // The person may have gone on meanwhile.
      if (this.#store.view.video !== video || this.#client !== null) return;
      // That it was closed is no problem here.
      if (message.type === 'session.closed') continue;
      this.#hear(message);
      this.#store.dispatch(message);
    }
  }

  /** Opens a new session with what the model's maker recommends for a task. */
  async useTask(task: string): Promise<void> {
    if (this.#store.view.video === null) return;
    this.#store.dispatch({ type: 'local.prepare' });
    await this.#openSuited(task);
  }

  /**
   * Uses a model for all videos, or for each the one that suits it; a session that has not begun is opened
   * anew.
   */
  async useModel(name: string | null): Promise<void> {
    this.#rememberSettings();
    this.#store.dispatch({ type: 'local.model', name });
    const { phase } = this.#store.view;
    if (phase !== 'ready' && phase !== 'preparing') return;
    this.#store.dispatch({ type: 'local.prepare' });
    await this.#openSuited();
  }

  /** What was set for one model says nothing about another. */
  #rememberSettings(): void {
    const { model, settings } = this.#store.view;
    if (model !== null && settings !== null) this.#settings.set(model, onlyLive(settings));
  }

  async #openSuited(task?: string): Promise<void> {
    const { video } = this.#store.view;
    await this.#modelsKnown;
    // The person may have gone on meanwhile.
    if (video === null || this.#store.view.video !== video) return;
    const model = suitedTo(this.#store.view)?.name;
    const settings = model === undefined ? undefined : this.#settings.get(model);
    await this.#open({
      ...(model !== undefined && { model }),
      ...(task === undefined ? settings && { settings } : { task }),
    });
  }

  #open(opening: Fields<'session.open'>): Promise<void> {
    this.#isKept = false;
    return this.#connect((client) => client.open(opening));
  }

  async #connect(join: (client: DuetClient) => Promise<unknown>): Promise<void> {
    void this.#client?.close();
    const client = connectDuet(this.#socketUrl, {
      backOff: { giveUpMs: patienceMs },
      onConnection: (state) => {
        if (client === this.#client) this.#store.dispatch({ type: 'local.connection', state });
      },
    });
    this.#client = client;
    void this.#listen(client);
    // Why it failed comes as an event, or ends the iteration.
    await join(client).catch(() => undefined);
  }

  /**
   * Starts the video; over again in a new session where one has been watched already. A question is asked
   * before the first frame, also when that takes another attempt.
   */
  async start(question: string | null = null): Promise<void> {
    const { phase, video } = this.#store.view;
    if (video === null || phase === 'preparing' || phase === 'starting') return;
    this.#question = question ?? this.#question;
    if (phase !== 'ready') {
      this.#rememberSettings();
      this.#store.dispatch({ type: 'local.again' });
      await this.#openSuited();
    }
    if (this.#store.view.phase !== 'ready') return;
    this.#store.dispatch({ type: 'local.start' });
    if (this.#question !== null) this.say(this.#question);
    this.#question = null;
    const preview = this.#looksAtPreview();
    this.#try((client, video) =>
      client.startSource(video.source, { pacing: 'realtime', ...(preview && { preview }) }),
    );
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

  watchFor(text: string): void {
    this.#try((client) => {
      const eventId = client.addQuestion(text);
      this.#store.dispatch({ type: 'local.say', eventId, text });
    });
  }

  removeQuestion(id: string): void {
    this.#try((client) => client.removeQuestion(id));
  }

  /** A question keeps its threshold from its beginning: it is asked again, under the same id. */
  setThreshold({ id, text }: ShownQuestion, threshold: number | null): void {
    this.#try((client) => {
      client.removeQuestion(id);
      client.addQuestion(text, { id, ...(threshold !== null && { threshold }) });
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

  /** False where it could not be sent, as while the connection is away. */
  pushPicture(jpeg: Uint8Array, videoTime: number): boolean {
    return this.#client?.pushPicture(jpeg, videoTime) ?? false;
  }

  /** A token that reads the session and does nothing else; rejects where no session is open. */
  async share(): Promise<string> {
    if (this.#client === null) throw new Error('No session is open: choose a video first');
    return this.#client.share();
  }

  /** The page closes: a session that was left before is left again. */
  pageCloses(): void {
    if (this.#isKept) this.leaveRunning();
    else this.leave();
  }

  /** Goes, and lets the session go on as long as the server allows. */
  leaveRunning(): void {
    this.#try((client) => client.keep());
    this.#client?.dispose();
    this.#client = null;
    this.#store.dispatch({ type: 'local.leave' });
  }

  leave(): void {
    this.#rememberSettings();
    void this.#client?.close();
    this.#client = null;
    this.#store.dispatch({ type: 'local.leave' });
  }

  #try(act: (client: DuetClient, video: ChosenVideo) => void): void {
    const { video } = this.#store.view;
    if (this.#client === null || video === null) return;
    try {
      act(this.#client, video);
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
      // A refusal has already been shown, with a better message than that of the closed connection.
      const { phase, problem } = this.#store.view;
      if (client !== this.#client || (phase === 'failed' && problem !== null)) return;
      this.#store.dispatch({ type: 'local.lost', problem: problemOfLoss(thrown) });
    }
  }
}

/** How long a server may be away until its session is given up: a quarter of an hour. */
const patienceMs = 900_000;
