import { connectDuet } from './index.js';
import type { DuetClient, ServerMessage, WireSource } from './index.js';

/**
 * A video with what the model says about it as captions, and a line to talk to it:
 * `<duet-player server="http://127.0.0.1:8787" sample="gallery" ask="Is there a cat?"></duet-player>`.
 *
 * - `server`: address of a Duet server; default that of the page. `sample`, the name of a clip of it, or
 *   `src`, an address that the browser and the server both open, is what plays. `threshold`, `model`: of the
 *   session.
 * - `token`, for a server that asks for one: offered as a subprotocol of the WebSocket, so it stands in no
 *   address. As a property it stands nowhere in the page either. Cookies and passwords of a proxy go with
 *   requests by themselves.
 * - The session begins when the video is first played, from its beginning; it pauses and goes on with it, and
 *   ends when the element leaves the page. Every message of the server is dispatched as an event `duet`, as
 *   its `detail`.
 * - Who seeks sees what was said then; the model goes on where it is.
 * - Parts to style: `video`, `captions`, `form`, `input`, `button`. What fails is shown in place of the
 *   captions.
 */
export class DuetPlayer extends HTMLElement {
  readonly #video = part('video');
  readonly #captions = part('p', 'captions');
  #client: DuetClient | null = null;
  #unsaid: readonly string[] = [];
  #said: readonly Said[] = [];
  #fault = '';
  #token: string | null = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styles];
    const stage = document.createElement('div');
    stage.append(this.#video, this.#captions);
    root.append(stage, this.#form());
    this.#captions.setAttribute('aria-live', 'polite');
    Object.assign(this.#video, { controls: true, muted: true, playsInline: true });
    this.#video.addEventListener('play', () => void this.#play());
    this.#video.addEventListener('pause', () => {
      if (!this.#video.ended && this.#isOpen) this.#client?.pauseSource();
    });
    this.#video.addEventListener('timeupdate', () => {
      this.#show();
    });
    this.#video.addEventListener('error', () => {
      if (this.#video.getAttribute('src') !== null) this.#fail('This video cannot be played here.');
    });
  }

  connectedCallback(): void {
    const sample = this.getAttribute('sample');
    // The clips of a server may be read by pages of the origins that it allows, with what they are signed in
    // with.
    this.#video.crossOrigin = sample === null ? null : 'use-credentials';
    const clip = sample === null ? null : `${this.#server}/v1/samples/${encodeURIComponent(sample)}`;
    const address = clip ?? this.getAttribute('src');
    if (address !== null) this.#video.src = address;
  }

  disconnectedCallback(): void {
    this.#video.pause();
    void this.#client?.close();
    this.#client = null;
  }

  /**
   * What the server asks for; by default the attribute `token`. Takes effect when the video is played next.
   */
  get token(): string | null {
    return this.#token ?? this.getAttribute('token');
  }

  set token(token: string | null) {
    this.#token = token;
  }

  /** Says something to the model; before the video was played, it begins with that. */
  say(text: string): void {
    if (text.trim() === '') return;
    if (this.#isOpen) this.#client?.say(text);
    else {
      this.#unsaid = [...this.#unsaid, text].slice(-most);
      this.#video.play().catch((thrown: unknown) => {
        // It was paused meanwhile: by the person, or since there is no session, which is told already.
        if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) this.#fail(thrown);
      });
    }
  }

  get #server(): string {
    return (this.getAttribute('server') ?? location.origin).replace(/\/$/, '');
  }

  get #isOpen(): boolean {
    return this.#client !== null && this.#client.sessionId !== null;
  }

  #form(): HTMLFormElement {
    const [form, input, button] = [part('form'), part('input'), part('button')];
    button.textContent = 'Say';
    input.setAttribute('aria-label', 'Say something to the model');
    input.maxLength = 4000;
    form.append(input, button);
    form.addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      this.say(input.value);
      input.value = '';
    });
    return form;
  }

  async #play(): Promise<void> {
    if (this.#client !== null) {
      if (this.#isOpen) this.#client.resumeSource();
      return;
    }
    this.#said = [];
    this.#fail('');
    try {
      const client = connectDuet(this.#server, { protocols: protocolsOf(this.token) });
      this.#client = client;
      await this.#watch(client);
      // Played once more, it is another session.
      if (this.#client === client) this.#client = null;
    } catch (thrown) {
      this.#client = null;
      this.#video.pause();
      this.#fail(thrown);
    }
  }

  async #watch(client: DuetClient): Promise<void> {
    const [model, threshold] = [this.getAttribute('model'), this.getAttribute('threshold')];
    const policy = { type: 'threshold', threshold: Number(threshold) } as const;
    await client.open({
      ...(model === null ? {} : { model }),
      ...(threshold === null ? {} : { settings: { policy } }),
    });
    client.startSource(this.#source(), { pacing: 'realtime' });
    if (this.#video.paused) client.pauseSource();
    // The model begins at the beginning.
    if (Number.isFinite(this.#video.duration)) this.#video.currentTime = 0;
    for (const text of [this.getAttribute('ask') ?? '', ...this.#unsaid]) this.say(text);
    this.#unsaid = [];
    for await (const message of client) this.#hear(message);
  }

  #source(): WireSource {
    const sample = this.getAttribute('sample');
    return sample === null ? { type: 'url', url: this.#video.src } : { type: 'sample', name: sample };
  }

  #hear(message: ServerMessage): void {
    this.dispatchEvent(new CustomEvent('duet', { detail: message }));
    if (message.type === 'response.done') {
      this.#said = [...this.#said, { time: message.video_time, text: message.text }].slice(-most);
      this.#fail('');
    }
    if (message.type === 'error' || message.type === 'source.failed') this.#fail(message.message);
    // A server that is stopped stops the source, and goes on with it once it is back.
    const isOver = message.type === 'source.ended' && message.reason === 'finished';
    if (isOver || message.type === 'source.failed') void this.#client?.close();
  }

  /** Shows what went wrong until something is said; empty for nothing. */
  #fail(thrown: unknown): void {
    this.#fault = thrown instanceof Error ? thrown.message : String(thrown);
    this.#show();
  }

  /** What was said last at the moment that is shown, unless that was long ago. */
  #show(): void {
    const now = this.#video.currentTime + ahead;
    const last = this.#said.findLast(({ time }) => time <= now);
    const text = last !== undefined && now - last.time <= captionSeconds ? last.text : '';
    const shown = this.#fault === '' ? text : this.#fault;
    // Told again, it would be read aloud again.
    if (this.#captions.textContent !== shown) this.#captions.textContent = shown;
  }
}

/** Browsers refuse other letters without saying which. */
function protocolsOf(token: string | null): readonly string[] {
  if (token === null || token === '') return [];
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(token)) return [token];
  throw new Error('The token has letters that no subprotocol may have: write it as base64url');
}

interface Said {
  /** Seconds of the video. */
  readonly time: number;
  readonly text: string;
}

/** How long a caption is shown, and how far the model may be ahead of the picture, in seconds. */
const captionSeconds = 8;
const ahead = 1;

/** Most replies and unsaid texts that are kept. */
const most = 1000;

function part<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  name: string = tag,
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.part.add(name);
  return element;
}

const styles = new CSSStyleSheet();
styles.replaceSync(`
  :host { display: block; max-width: 48rem; font: 1rem/1.4 system-ui, sans-serif; }
  div { position: relative; }
  video { display: block; width: 100%; background: #000; }
  p { position: absolute; inset: auto 5% 15%; width: fit-content; margin: 0 auto; pointer-events: none; }
  p { padding: 0.2em 0.6em; border-radius: 0.3em; font-size: 1.2rem; color: #fff; background: #000c; }
  p:empty { padding: 0; }
  form { display: flex; gap: 0.5rem; margin-top: 0.5rem; }
  input { flex: 1; min-width: 0; }
  input, button { font: inherit; padding: 0.4rem 0.6rem; }
`);

declare global {
  interface HTMLElementTagNameMap {
    'duet-player': DuetPlayer;
  }
}

customElements.define('duet-player', DuetPlayer);
