import './sample-cards.css';
import type { TargetedEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { shortClockText } from '../../common/clock-text.js';
import type { PageCommands } from '../commands.js';
import { problemOfThrown } from '../state/problem.js';
import type { ChosenVideo } from '../state/view.js';
import { cardQuestions, loadSamples, titleOf, type SampleClip } from './samples.js';

/** Called with the sample that was picked, and the question, if that was what was clicked. */
type ChooseSample = PageCommands['choose'];

/** The server's answer to the request for samples. */
type Listing = 'loading' | { readonly samples: readonly SampleClip[] } | { readonly problem: string };

/**
 * The bundled clips as cards: a picture, the length, questions that suit it; the first one is the one to try
 * first.
 */
export function SampleCards({ choose }: { readonly choose: ChooseSample }) {
  const [listing, setListing] = useState<Listing>('loading');
  useEffect(() => {
    loadSamples().then(
      (samples) => {
        setListing(samples.length === 0 ? { problem: 'This server has no samples.' } : { samples });
      },
      (thrown: unknown) => {
        const { what, remedy } = problemOfThrown(thrown);
        setListing({ problem: `The samples could not be listed. ${what}: ${remedy}` });
      },
    );
  }, []);
  const problem = listing !== 'loading' && 'problem' in listing ? listing.problem : null;
  return (
    <>
      <ul class="cards" id="samples" aria-labelledby="samples-heading" aria-busy={listing === 'loading'}>
        {listing === 'loading' && [1, 2, 3].map((place) => <WaitingCard key={place} />)}
        {listing !== 'loading' && 'samples' in listing && <Cards samples={listing.samples} choose={choose} />}
      </ul>
      <p class="picker-empty" id="samples-empty" hidden={problem === null}>
        {problem}
      </p>
    </>
  );
}

function WaitingCard() {
  return (
    <li>
      <div class="card waiting" />
    </li>
  );
}

function Cards({
  samples,
  choose,
}: {
  readonly samples: readonly SampleClip[];
  readonly choose: ChooseSample;
}) {
  return samples.map((sample, index) => (
    <Card
      key={sample.name}
      sample={sample}
      isFirst={index === 0}
      questions={cardQuestions(sample, samples, index === 0 ? 2 : 1)}
      choose={choose}
    />
  ));
}

interface CardProps {
  readonly sample: SampleClip;
  readonly isFirst: boolean;
  readonly questions: readonly string[];
  readonly choose: ChooseSample;
}

function Card({ sample, isFirst, questions, choose }: CardProps) {
  const preview = usePreview();
  const button = (question: string | null) => ({
    type: 'button' as const,
    onClick: () => {
      choose(videoOfSample(sample), question);
    },
  });
  return (
    <li class="card" {...preview.hovering}>
      <button {...button(null)} class="card-open" data-sample={sample.name}>
        <span class="card-picture">
          <video {...preview.video} src={sample.url} />
          <span class="card-length" hidden={preview.length === null}>
            {preview.length !== null && shortClockText(preview.length)}
          </span>
          {isFirst && <span class="card-first">Try this first</span>}
        </span>
        <span class="card-title">{titleOf(sample.name)}</span>
      </button>
      {questions.length > 0 && (
        <div class="card-questions">
          {questions.map((question) => (
            <button key={question} {...button(question)} class="chip" dir="auto">
              {question}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

/** A sample as a video to watch. */
export function videoOfSample({ name, url, ...about }: SampleClip): ChosenVideo {
  return { title: titleOf(name), source: { type: 'sample', name }, playUrl: url, ...about };
}

/** A muted video that shows one picture, and plays while the mouse is over its card. */
function usePreview() {
  const video = useRef<HTMLVideoElement>(null);
  const [length, setLength] = useState<number | null>(null);
  const onLoadedMetadata = ({
    currentTarget: { duration },
    currentTarget,
  }: TargetedEvent<HTMLVideoElement>): void => {
    setLength(Number.isFinite(duration) ? duration : null);
    currentTarget.currentTime = Math.min(pictureTime, duration / 2);
  };
  const onPointerEnter = ({ pointerType }: PointerEvent): void => {
    if (pointerType !== 'mouse' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    video.current?.play().catch(() => undefined);
  };
  const onPointerLeave = (): void => {
    video.current?.pause();
  };
  return {
    length,
    hovering: { onPointerEnter, onPointerLeave },
    video: {
      ref: video,
      muted: true,
      loop: true,
      playsInline: true,
      preload: 'metadata' as const,
      tabIndex: -1,
      'aria-hidden': true,
      onLoadedMetadata,
    },
  };
}

/** Where in a clip its picture is taken, in seconds: the first moment is often empty. */
const pictureTime = 2;
