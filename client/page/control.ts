import type { ServerMessage } from '../../server/protocol/server-messages.js';
import type { WireLiveSettings } from '../../server/settings/wire-name.js';
import type { PageCommands } from './commands.js';
import { FocusKeeper, pauseWithSpace } from './keyboard.js';
import { Camera } from './playback/camera.js';
import { VideoPlayer } from './playback/video-player.js';
import { socketAddress } from './server/http.js';
import { loadModels } from './server/models.js';
import { PageSession } from './server/session.js';
import { UploadAgain } from './server/upload-again.js';
import { forgetUpload } from './server/upload.js';
import { leftSession, rememberLeft } from './sessions/left-sessions.js';
import { linkedVideo, readLink, requireModel, type PageLink } from './links/page-link.js';
import { filmedVideo } from './links/filmed-video.js';
import { problemOfFilming, problemOfThrown } from './state/problem.js';
import { Store } from './state/store.js';
import type { ChosenVideo, DuetView, Filmed } from './state/view.js';

/**
 * Carries out the user's commands and reacts to the server's messages: keeps the session, the video and the
 * store in step.
 */
export class PageControl implements PageCommands {
  readonly #store = new Store();
  readonly #modelsKnown = this.#listModels();
  readonly #player = new VideoPlayer();
  readonly #session = new PageSession(
    this.#store,
    socketAddress(),
    (message) => {
      this.#hear(message);
    },
    this.#modelsKnown,
    () => !this.#player.playback.value.playable,
  );
  readonly #uploadAgain = new UploadAgain({
    done: (source) => {
      this.#store.dispatch({ type: 'local.moved', source });
      this.start();
    },
    tell: (problem) => {
      this.#store.dispatch({ type: 'local.problem', problem });
    },
  });
  readonly #focus = new FocusKeeper(() => placeOfFocus(this.#store.view.phase, this.#chosenOn));
  /** The element the video was chosen with, to return the focus to. */
  #chosenOn: Element | null = null;
  #objectUrl: string | null = null;
  #camera: Camera | null = null;

  readonly shown = this.#store.shown;
  readonly playback = this.#player.playback;
  /** The video element, which is the player's own. */
  readonly videoElement = this.#player.element;

  /** Runs the video, the keyboard and the session. */
  run(): void {
    pauseWithSpace(this.togglePause);
    this.#stopWhereItFails();
    // A closed page frees its place on the server at once.
    addEventListener('pagehide', ({ persisted }) => {
      if (!persisted) this.#forgetUpload();
      this.#session.pageCloses();
    });
    const step = (nowMs: number): void => {
      this.#player.step(nowMs);
      this.#focus.step();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    void this.#follow(readLink(location)).catch(this.fail);
  }

  readonly choose: PageCommands['choose'] = (video, question, atOnce = question !== null) => {
    this.#chosenOn = document.activeElement;
    this.#load(video);
    scrollTo(0, 0);
    void this.#session.choose(video, question, atOnce);
  };

  readonly chooseUpload = (file: File, uploadId: string): void => {
    this.#objectUrl = URL.createObjectURL(file);
    this.#uploadAgain.hold(file);
    const source = { type: 'upload', upload_id: uploadId } as const;
    const playUrl = this.#objectUrl;
    this.choose({ title: file.name, source, playUrl, questions: [], footage: 'real' }, null);
  };

  readonly film: PageCommands['film'] = (what) => this.#film(what, null);

  async #film(what: Filmed, question: string | null): Promise<void> {
    try {
      const camera = await Camera.open(what, this.stop);
      this.#camera?.[Symbol.dispose]();
      this.#camera = camera;
      this.choose(filmedVideo(what), question, true);
    } catch (thrown) {
      this.#store.dispatch({ type: 'local.problem', problem: problemOfFilming(what, thrown) });
    }
  }

  readonly start = (): void => {
    this.#start(null);
  };

  readonly startWith = (question: string): void => {
    this.#start(question);
  };

  readonly stop = (): void => {
    this.#session.stop();
  };

  readonly togglePause = (): void => {
    const { phase } = this.#store.view;
    if (this.#player.playback.value.lookingBack) this.#player.toggle();
    else if (phase === 'running') {
      this.#session.pause();
      this.#player.hold();
      this.#camera?.hold();
    } else if (phase === 'paused') {
      this.#session.unpause();
      this.#player.unhold();
      this.#camera?.goOn();
    } else this.#player.toggle();
  };

  readonly toggleSound = (): void => {
    this.#player.mute();
  };

  readonly seek = (videoTime: number): void => {
    this.#player.seek(videoTime);
  };

  readonly follow = (): void => {
    this.#player.follow();
  };

  readonly goTo = (videoTime: number): void => {
    this.#store.dispatch({ type: 'local.pick', videoTime });
    this.#player.playFrom(videoTime);
  };

  readonly point = (frame: number | null): void => {
    this.#store.dispatch({ type: 'local.point', frame, aloud: false });
  };

  readonly walkTo = (frame: number | null): void => {
    this.#store.dispatch({ type: 'local.point', frame, aloud: true });
  };

  readonly say = (text: string): void => {
    this.#session.say(text);
  };

  readonly watchFor = (text: string): void => {
    this.#session.watchFor(text);
  };

  readonly removeQuestion = (id: string): void => {
    this.#session.removeQuestion(id);
  };

  readonly setThreshold: PageCommands['setThreshold'] = (question, threshold) => {
    this.#session.setThreshold(question, threshold);
  };

  readonly filter = (questionId: string | null): void => {
    this.#store.dispatch({ type: 'local.filter', questionId });
  };

  readonly cancelReply = (): void => {
    this.#session.cancelReply();
  };

  readonly share = (): Promise<string> => this.#session.share();

  readonly showSuppressed = (shown: boolean): void => {
    this.#store.dispatch({ type: 'local.suppressed', shown });
  };

  readonly update = (patch: Partial<WireLiveSettings>): void => {
    this.#session.update(patch);
  };

  readonly tryOut = (settings: WireLiveSettings | null): void => {
    this.#store.dispatch({ type: 'local.try', settings });
  };

  readonly useModel = (name: string | null): void => {
    void this.#session.useModel(name);
  };

  readonly useTask = (task: string): void => {
    void this.#session.useTask(task);
  };

  readonly fail = (thrown: unknown): void => {
    this.#store.dispatch({ type: 'local.problem', problem: problemOfThrown(thrown) });
  };

  readonly dismissProblem = (): void => {
    this.#store.dispatch({ type: 'local.dismiss' });
  };

  readonly leaveRunning = (): void => {
    const { sessionId } = this.#store.view;
    if (sessionId !== null) rememberLeft(sessionId);
    this.#session.leaveRunning();
    location.assign('./sessions');
  };

  readonly leave = (): void => {
    this.#forgetUpload();
    this.#session.leave();
    // What a link has brought is done with.
    if (location.search !== '' || location.hash !== '') history.replaceState(null, '', location.pathname);
    this.#player.unload();
    this.#camera?.[Symbol.dispose]();
    this.#camera = null;
    if (this.#objectUrl !== null) URL.revokeObjectURL(this.#objectUrl);
    this.#objectUrl = null;
    this.#uploadAgain.hold(null);
  };

  #start(question: string | null): void {
    const { video } = this.#store.view;
    if (video === null) return;
    const films = video.films ?? (this.#camera?.isOver === true ? this.#camera.what : undefined);
    if (films !== undefined && this.#camera?.isOver !== false) {
      void this.#film(films, question ?? this.#store.view.asks);
      return;
    }
    if (this.#player.used) this.#load(video);
    void this.#session.start(question);
  }

  /** What a link leads to is shown, and waits for the person to start it. */
  async #follow(link: PageLink): Promise<void> {
    if (link.session !== null) {
      const { video, goesOn } = await leftSession(link.session);
      this.#load(video);
      if (goesOn) await this.#session.resume(link.session, video);
      else await this.#session.show(link.session, video);
      return;
    }
    await this.#modelsKnown;
    const { model, source, ask } = link;
    if (model !== null) requireModel(model, this.#store.view.models);
    if (model !== null) await this.#session.useModel(model);
    if (source !== null) this.choose(await linkedVideo(source), ask, false);
  }

  async #listModels(): Promise<void> {
    // A server that does not answer is told of where the samples are missing.
    const models = await loadModels().catch(() => []);
    this.#store.dispatch({ type: 'local.models', models });
  }

  #load({ playUrl, source }: ChosenVideo): void {
    if (source.type === 'pictures' && this.#camera !== null) this.#player.loadStream(this.#camera.stream);
    else if (playUrl === null) this.#player.loadNothing();
    else this.#player.load(playUrl);
  }

  /** The player's clock follows the messages themselves, not the pictures of the screen. */
  #hear(message: ServerMessage): void {
    if (message.type === 'source.opened') {
      this.#player.begin(message.sampling_fps, message.video_time);
      this.#camera?.begin(message.sampling_fps, this.#push);
      this.#uploadAgain.settled();
      if (this.#store.view.goesOnPaused) {
        this.#session.pause();
        this.#player.hold();
      }
    }
    const starting = this.#store.view.phase === 'starting';
    if (message.type === 'error' && message.code === 'not_found' && starting) void this.#uploadAgain.send();
    if (message.type === 'frame.scored') this.#player.frame(message.video_time, performance.now());
    if (message.type === 'source.ended') this.#release(message.reason === 'stopped');
    if (message.type === 'session.closed') this.#release(true);
  }

  #stopWhereItFails(): void {
    let failed = false;
    this.shown.subscribe(() => {
      const fails = this.shown.value.phase === 'failed';
      if (fails && !failed) this.#release(true);
      failed = fails;
    });
  }

  readonly #push = (jpeg: Uint8Array, videoTime: number): boolean =>
    this.#session.pushPicture(jpeg, videoTime);

  #release(stop: boolean): void {
    this.#player.free();
    this.#camera?.hold();
    if (stop) this.#player.stop();
  }

  /** An upload cannot be chosen again once its page is gone. */
  #forgetUpload(): void {
    const source = this.#store.view.video?.source;
    if (source?.type === 'upload') forgetUpload(source.upload_id);
  }
}

/** The element to focus when the focused one is gone. */
function placeOfFocus(phase: DuetView['phase'], chosenOn: Element | null): HTMLElement | null {
  const first = (selector: string): HTMLElement | null => document.querySelector<HTMLElement>(selector);
  switch (phase) {
    case 'idle': {
      const chosen =
        chosenOn?.closest<HTMLElement>('#samples button, #cameras button, #address input, #address button') ??
        null;
      return chosen ?? first('#samples button') ?? first('#file');
    }
    case 'running':
    case 'paused':
      return first('#pause');
    case 'preparing':
    case 'ready':
    case 'starting':
    case 'ended':
    case 'failed':
      return first('#start:not([hidden])') ?? first('#waiting [data-copies]') ?? first('#pause');
  }
}
