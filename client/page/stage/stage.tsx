import './stage.css';
import { useObserved } from '../state/observed.js';
import { RemoteLine } from './remote-line.js';
import { Screen, type ScreenProps } from './screen.js';
import { TransportBar } from './transport-bar.js';

/** The picture, and the buttons that play it. */
export function Stage(props: ScreenProps) {
  const drift = useObserved(props.playback, (playback) => playback.drift);
  return (
    <div class="stage" id="stage" data-phase={props.view.phase} data-drift={drift?.toFixed(3)}>
      <Screen {...props} />
      <TransportBar {...props} />
      <RemoteLine view={props.view} />
    </div>
  );
}
