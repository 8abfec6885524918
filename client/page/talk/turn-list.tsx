import './turn-list.css';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { useObserved } from '../state/observed.js';
import { modelAtWork } from '../state/suited-model.js';
import { isSaid, type DuetView, type Phase, type ShownTurn } from '../state/view.js';
import { TurnItem } from './turn-item.js';

/** The list of turns: follows the newest one as long as the reader is at the end. */
export function TurnList({ view, playback, commands }: PageProps) {
  const { phase, selection } = view;
  const turns = useMemo(() => shownTurns(view), [view.turns, view.showsSuppressed, view.filter]);
  const log = useRef<HTMLOListElement>(null);
  const { missed, scrolled, scrollToEnd } = useFollowing(log, turns);
  // While a watched video is played again, the turn that was said last is lit.
  const passing = useObserved(playback, ({ replaying, time }) =>
    replaying ? lastSaid(turns, time)?.key : undefined,
  );
  useEffect(() => {
    log.current?.querySelector('.passing')?.scrollIntoView({ block: 'nearest' });
  }, [passing]);
  return (
    <>
      <ol class="log" id="log" tabIndex={0} aria-label="What was said" ref={log} onScroll={scrolled}>
        <AboutModel view={view} />
        {turns.map((turn) => (
          <TurnItem
            key={turn.key}
            turn={turn}
            picked={selection.picked !== null && turn.videoTime === selection.picked.videoTime}
            passing={turn.key === passing}
            pick={commands.goTo}
          />
        ))}
      </ol>
      <p class="log-empty" id="log-empty" hidden={turns.length > 0}>
        {emptyText(phase)}
      </p>
      <button type="button" class="button to-end" id="to-end" hidden={!missed} onClick={scrollToEnd}>
        <Icon name="down" />
        Newest
      </button>
    </>
  );
}

/** What to expect of the model, before anything that it says. */
function AboutModel({ view }: { readonly view: DuetView }) {
  const model = modelAtWork(view);
  if (model?.sees == null) return null;
  return (
    <li class="about-model" id="about-model">
      <b>{model.name}</b> {model.sees}
    </li>
  );
}

/** The turns without what was suppressed, unless that is to be shown; or those about one question alone. */
function shownTurns({ turns, showsSuppressed, filter }: DuetView): readonly ShownTurn[] {
  if (filter !== null) return turns.filter((turn) => isSaid(turn) && turn.questionId === filter);
  return showsSuppressed ? turns : turns.filter(({ type }) => type !== 'suppressed');
}

/** How near to its end the list counts as being read there, in pixels. */
const nearEnd = 48;

/** Keeps a list at its end while the reader is there; `missed` says that something came while not. */
function useFollowing(log: { readonly current: HTMLOListElement | null }, turns: readonly ShownTurn[]) {
  const atEnd = useRef(true);
  const count = useRef(0);
  const [missed, setMissed] = useState(false);
  useLayoutEffect(() => {
    const grown = turns.length > count.current;
    count.current = turns.length;
    if (atEnd.current) log.current?.scrollTo(0, log.current.scrollHeight);
    else if (grown) setMissed(true);
  }, [turns]);
  const scrolled = (): void => {
    if (log.current === null) return;
    const { scrollHeight, scrollTop, clientHeight } = log.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (atEnd.current) setMissed(false);
  };
  const scrollToEnd = (): void => {
    log.current?.focus({ preventScroll: true });
    log.current?.scrollTo(0, log.current.scrollHeight);
    setMissed(false);
  };
  return { missed, scrolled, scrollToEnd };
}

function lastSaid(turns: readonly ShownTurn[], videoTime: number): ShownTurn | undefined {
  return turns.findLast((turn) => isSaid(turn) && turn.videoTime !== null && turn.videoTime <= videoTime);
}

function emptyText(phase: Phase): string {
  if (phase === 'preparing') return 'Getting ready …';
  if (phase === 'failed') return 'Nothing was said.';
  return 'Start the video. What you and the model say appears here, each with its moment in the video.';
}
