import './header.css';
import type { ConnectionState } from '../../sdk/options.js';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { isPushed, type DuetView, type Outage } from '../state/view.js';

/** The bar at the top: the video, the connection, and whether the model keeps up. */
export function Header({ view, commands }: PageProps) {
  const idle = view.phase === 'idle';
  return (
    <header class="bar">
      <Brand />
      <p class="bar-title" id="video-name" dir="auto" hidden={idle}>
        {view.video?.title}
      </p>
      <Health view={view} />
      <p class="connection" id="connection" data-state={stateOf(view)} hidden={idle}>
        <span class="dot" aria-hidden="true" />
        <span id="connection-text">{connectionText(view.connection)}</span>
      </p>
      <a class="button quiet" id="sessions-link" href="./sessions" hidden={!idle}>
        Sessions
      </a>
      <KeepButton view={view} keep={commands.leaveRunning} />
      <button
        type="button"
        class="button quiet"
        id="leave"
        aria-label="Other video"
        hidden={idle}
        onClick={commands.leave}
      >
        <Icon name="back" />
        <span>Other video</span>
      </button>
    </header>
  );
}

/** The name of it all, which leads to the choice of videos. */
export function Brand() {
  return (
    <a class="brand" href="./" aria-label="Duet, start page">
      <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
        <circle class="brand-video" cx="12" cy="16" r="9" />
        <circle class="brand-text" cx="20" cy="16" r="9" />
      </svg>
      <span>Duet</span>
    </a>
  );
}

/** Goes, and lets the session go on; what comes from this page cannot go on without it. */
function KeepButton({ view, keep }: { readonly view: DuetView; readonly keep: () => void }) {
  const { phase, video, connection } = view;
  const goesOn = phase === 'running' || phase === 'paused';
  const canKeep = goesOn && connection.type === 'open' && video?.source.type !== 'pictures';
  return (
    <button
      type="button"
      class="button quiet"
      id="keep"
      title="Go, and find it again under Sessions"
      hidden={!canKeep}
      onClick={keep}
    >
      Leave it running
    </button>
  );
}

function Health({ view }: { readonly view: DuetView }) {
  const text = healthText(view);
  const late =
    view.outage !== null || (view.lag?.behindSeconds ?? 0) > 0 || (view.lag?.droppedFrames ?? 0) > 0;
  return (
    <p class="health" id="health" data-late={late} hidden={view.phase === 'idle' || text === ''}>
      {text}
    </p>
  );
}

function healthText(view: DuetView): string {
  const { frameCount, lag, model, outage } = view;
  if (outage !== null) return outageText(outage, isPushed(view));
  const parts = [model ?? ''];
  if (frameCount > 0) parts.push(`${frameCount} frames`);
  if (lag !== null && lag.behindSeconds > 0) parts.push(`${lag.behindSeconds.toFixed(1)} s behind`);
  if (lag !== null && lag.droppedFrames > 0) parts.push(`${lag.droppedFrames} dropped`);
  return parts.filter((part) => part !== '').join(' · ');
}

function outageText(outage: Outage, pushed: boolean): string {
  if (pushed && outage.type === 'source.reconnecting') return 'The sender is away; it may come back';
  if (outage.type === 'source.stalled') return 'No new pictures at the moment; waiting for the stream';
  return `The stream is away; connecting again (${outage.attempt}) …`;
}

function stateOf({ connection }: DuetView): ConnectionState['type'] | 'idle' | 'lost' {
  return connection.type === 'closed' && connection.error !== null ? 'lost' : connection.type;
}

function connectionText(state: DuetView['connection']): string {
  switch (state.type) {
    case 'idle':
      return '';
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
