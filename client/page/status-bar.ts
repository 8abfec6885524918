import type { ConnectionState } from '../sdk/options.js';
import { element, setText } from '../common/element.js';
import type { DuetView } from './state/view.js';

/** The bar at the top: the video, the connection, and whether the model keeps up. */
export class StatusBar {
  readonly #name = element('video-name', HTMLParagraphElement);
  readonly #connection = element('connection', HTMLParagraphElement);
  readonly #connectionText = element('connection-text', HTMLSpanElement);
  readonly #health = element('health', HTMLParagraphElement);
  readonly #leave = element('leave', HTMLButtonElement);

  constructor(leave: () => void) {
    this.#leave.addEventListener('click', leave);
  }

  show(view: DuetView, title: string): void {
    const idle = view.phase === 'idle';
    for (const part of [this.#name, this.#connection, this.#leave]) part.hidden = idle;
    setText(this.#name, title);
    this.#showConnection(view.connection);
    const health = healthText(view);
    this.#health.hidden = idle || health === '';
    setText(this.#health, health);
    this.#health.dataset['late'] = String(
      (view.lag?.behindSeconds ?? 0) > 0 || (view.lag?.droppedFrames ?? 0) > 0,
    );
  }

  #showConnection(state: DuetView['connection']): void {
    const lost = state.type === 'closed' && state.error !== null;
    this.#connection.dataset['state'] = lost ? 'lost' : state.type;
    setText(this.#connectionText, state.type === 'idle' ? '' : connectionText(state));
  }
}

function connectionText(state: ConnectionState): string {
  switch (state.type) {
    case 'connecting':
      return 'Connecting …';
    case 'open':
      return 'Connected';
    case 'reconnecting':
      return `Reconnecting (${state.attempt}) …`;
    case 'closed':
      return state.error === null ? 'Closed' : 'Disconnected';
  }
}

function healthText({ frameCount, lag, model }: DuetView): string {
  const parts = [model ?? ''];
  if (frameCount > 0) parts.push(`${frameCount} frames`);
  if (lag !== null && lag.behindSeconds > 0) parts.push(`${lag.behindSeconds.toFixed(1)} s behind`);
  if (lag !== null && lag.droppedFrames > 0) parts.push(`${lag.droppedFrames} dropped`);
  return parts.filter((part) => part !== '').join(' · ');
}
