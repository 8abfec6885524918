import type { ServerMessage } from '../../server/protocol/server-messages.js';
import type { ChosenVideo } from './chosen-video.js';
import { DuetSession } from './duet-session.js';
import { element, setText } from '../common/element.js';
import { FocusKeeper } from './focus-keeper.js';
import { SampleCards } from './picker/sample-cards.js';
import { titleOf, type Sample } from './picker/samples.js';
import { UploadAgain } from './picker/upload-again.js';
import { UploadArea } from './picker/upload-area.js';
import { forgetUpload } from './picker/upload.js';
import { plotMarks } from './plot/plot-data.js';
import { walkPlotWithKeys } from './plot/plot-keys.js';
import { Readout } from './plot/readout.js';
import { ScorePlot } from './plot/score-plot.js';
import { ProblemBox } from './problem-box.js';
import { SaveButtons } from './save/save-buttons.js';
import { socketAddress } from './server-address.js';
import { SettingsForm } from './settings/settings-form.js';
import { TaskSelect } from './settings/task-select.js';
import { problemOfThrown } from './state/problem.js';
import { againText, type DuetView } from './state/view.js';
import { StatusBar } from './status-bar.js';
import { Store } from './store.js';
import { Announcer } from './talk/announcer.js';
import { Composer } from './talk/composer.js';
import { Conversation } from './talk/conversation.js';
import { pauseWithSpace } from './video/pause-with-space.js';
import { Player } from './video/player.js';
import { Screen } from './video/screen.js';
import { TransportBar } from './video/transport-bar.js';

/** The whole page: its parts, and what each tells the others. */
export class Page {
  readonly #store = new Store();
  readonly #picker = element('picker', HTMLElement);
  readonly #duet = element('duet', HTMLElement);
  readonly #session = new DuetSession(this.#store, socketAddress(), (message) => {
    this.#hear(message);
  });
  readonly #player = new Player(() => {
    this.#screen.unplayable(true);
  });
  readonly #screen = new Screen(
    () => {
      this.#start();
    },
    () => {
      this.#leave();
    },
  );
  readonly #bar = new TransportBar(this.#player, {
    pause: () => {
      this.#session.pause();
      this.#player.hold();
    },
    unpause: () => {
      this.#session.unpause();
      this.#player.unhold();
    },
    stop: () => {
      this.#session.stop();
    },
  });
  readonly #conversation = new Conversation((time) => {
    this.#goTo(time);
  });
  readonly #composer = new Composer({
    say: (text) => {
      this.#session.say(text);
    },
    startWith: (text) => {
      this.#start(text);
    },
    cancelReply: () => {
      this.#session.cancelReply();
    },
  });
  readonly #announcer = new Announcer();
  readonly #readout = new Readout();
  readonly #plot = new ScorePlot(
    (index) => {
      this.#point(index, false);
    },
    (time) => {
      this.#goTo(time);
    },
  );
  readonly #settings = new SettingsForm((patch) => {
    this.#session.update(patch);
  });
  readonly #tasks = new TaskSelect((task) => void this.#session.useTask(task));
  readonly #status = new StatusBar(() => {
    this.#leave();
  });
  readonly #save = new SaveButtons(() => ({ view: this.#store.view, title: this.#title() }));
  readonly #problem = new ProblemBox({
    retry: () => {
      this.#start();
    },
    dismiss: () => {
      this.#store.dispatch({ type: 'local.dismiss' });
    },
  });
  readonly #cards = new SampleCards((sample, question) => {
    this.#chooseSample(sample, question);
  });
  readonly #uploadAgain = new UploadAgain({
    done: (source) => {
      this.#session.moveTo(source);
      this.#start();
    },
    tell: (problem) => {
      this.#store.dispatch({ type: 'local.problem', problem });
    },
  });
  readonly #focus = new FocusKeeper(() => this.#placeOfFocus());
  #pointed: number | null = null;
  #objectUrl: string | null = null;

  /** Shows the page and keeps it going. */
  run(): void {
    new UploadArea({
      done: (file, uploadId) => {
        this.#chooseUpload(file, uploadId);
      },
      failed: (error) => {
        this.#store.dispatch({ type: 'local.problem', problem: problemOfThrown(error) });
      },
    });
    walkPlotWithKeys(
      () => this.#store.view.frames,
      () => this.#pointed,
      (index) => {
        this.#walk(index);
      },
    );
    this.#store.subscribe((view, before) => {
      this.#show(view, before);
    });
    pauseWithSpace(() => {
      this.#bar.toggle();
    });
    void this.#cards.load();
    void this.#tasks.load();
    // A closed page frees its place on the server at once.
    addEventListener('pagehide', ({ persisted }) => {
      if (!persisted) this.#forgetUpload();
      this.#session.leave();
    });
    const step = (nowMs: number): void => {
      this.#step(nowMs);
      this.#focus.step();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #show(view: DuetView, before: DuetView): void {
    this.#picker.hidden = view.phase !== 'idle';
    this.#duet.hidden = view.phase === 'idle';
    this.#status.show(view, this.#title());
    setText(element('duet-heading', HTMLHeadingElement), this.#title());
    this.#problem.show(view.problem, this.#session.video === null ? null : againText(view));
    this.#screen.show(view, before);
    this.#bar.show(view);
    this.#bar.mark(plotMarks(view.turns), this.#duration());
    this.#conversation.show(view, before);
    this.#composer.show(view);
    this.#announcer.show(view, before);
    this.#plot.show(view, before);
    this.#readout.show(view);
    this.#settings.show(view);
    this.#tasks.show(view);
    this.#save.show(view);
    if (view.phase === 'failed' && before.phase !== 'failed') this.#release(true);
    if (view.phase === 'preparing' && before.phase !== 'preparing') this.#mark(null);
  }

  #step(nowMs: number): void {
    if (this.#store.view.phase === 'idle') return;
    this.#player.step(nowMs);
    const time = this.#player.time(nowMs);
    const { replaying } = this.#player;
    this.#bar.step(time, this.#duration());
    this.#plot.step(time);
    this.#screen.step(replaying);
    this.#conversation.light(replaying ? time : null);
  }

  /** The clock of the player follows the messages themselves, not the pictures of the screen. */
  #hear(message: ServerMessage): void {
    if (message.type === 'source.opened') {
      this.#player.begin(message.sampling_fps);
      this.#uploadAgain.settled();
    }
    const starting = this.#store.view.phase === 'starting';
    if (message.type === 'error' && message.code === 'not_found' && starting) void this.#uploadAgain.send();
    if (message.type === 'frame.scored') this.#player.frame(message.video_time, performance.now());
    if (message.type === 'source.ended') this.#release(message.reason === 'stopped');
    if (message.type === 'session.closed') this.#release(true);
  }

  #release(stop: boolean): void {
    this.#player.free();
    if (stop) this.#player.stop();
  }

  #duration(): number | null {
    return this.#player.duration ?? this.#store.view.source?.info.duration ?? null;
  }

  #title(): string {
    return this.#session.video?.title ?? '';
  }

  #chooseSample({ name, url, questions }: Sample, question: string | null): void {
    this.#choose(
      { title: titleOf(name), source: { type: 'sample', name }, playUrl: url, questions },
      question,
    );
  }

  #chooseUpload(file: File, uploadId: string): void {
    this.#objectUrl = URL.createObjectURL(file);
    this.#uploadAgain.hold(file);
    const source = { type: 'upload', upload_id: uploadId } as const;
    this.#choose({ title: file.name, source, playUrl: this.#objectUrl, questions: [] });
  }

  /** @param question to be asked at once, which starts the video */
  #choose(video: ChosenVideo, question: string | null = null): void {
    this.#screen.unplayable(false);
    this.#player.load(video.playUrl);
    this.#composer.suggest(video.questions);
    document.title = `${video.title} · Duet`;
    scrollTo(0, 0);
    void this.#session.choose(video, question);
  }

  #start(question: string | null = null): void {
    const { video } = this.#session;
    if (video === null) return;
    if (this.#player.mode !== 'waiting') this.#player.load(video.playUrl);
    this.#composer.suggest(video.questions);
    void this.#session.start(question);
  }

  /** Where the keyboard goes on when what it was on is gone. */
  #placeOfFocus(): HTMLElement {
    const start = element('start', HTMLButtonElement);
    const pause = element('pause', HTMLButtonElement);
    switch (this.#store.view.phase) {
      case 'idle':
        return this.#cards.last ?? element('file', HTMLInputElement);
      case 'running':
      case 'paused':
        return pause;
      case 'preparing':
      case 'ready':
      case 'starting':
      case 'ended':
      case 'failed':
        return start.hidden ? pause : start;
    }
  }

  #leave(): void {
    this.#forgetUpload();
    this.#session.leave();
    this.#player.unload();
    if (this.#objectUrl !== null) URL.revokeObjectURL(this.#objectUrl);
    this.#objectUrl = null;
    this.#uploadAgain.hold(null);
    document.title = 'Duet';
  }

  /** Nobody can choose an upload again once its page has left it. */
  #forgetUpload(): void {
    const source = this.#session.video?.source;
    if (source?.type === 'upload') forgetUpload(source.upload_id);
  }

  /** Shows a moment: on the plot while the session runs, and in the video once it is over. */
  #goTo(videoTime: number): void {
    this.#mark(videoTime);
    this.#plot.pointAt(videoTime);
    if (this.#player.mode === 'free' && this.#player.playable) this.#player.playFrom(videoTime);
  }

  #mark(videoTime: number | null): void {
    this.#conversation.mark(videoTime);
    this.#plot.pick(videoTime);
  }

  #point(index: number | null, spoken: boolean): void {
    this.#pointed = index;
    this.#readout.point(index, spoken);
  }

  #walk(index: number | null): void {
    const time = index === null ? undefined : this.#store.view.frames[index]?.video_time;
    this.#point(index, true);
    this.#plot.pick(time ?? null);
  }
}
