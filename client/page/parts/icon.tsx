import type { JSX } from 'preact';

/** An icon of the page, in the colour of the text around it. */
export function Icon({ name, class: more = '' }: { readonly name: IconName; readonly class?: string }) {
  const Shape = shapes[name];
  return (
    <svg class={`icon ${more}`.trim()} viewBox="0 0 24 24" aria-hidden="true">
      <Shape />
    </svg>
  );
}

type IconName = keyof typeof shapes;

const shapes = {
  play: () => <path d="M8 5.5v13a.8.8 0 0 0 1.2.7l10.4-6.5a.8.8 0 0 0 0-1.4L9.2 4.8A.8.8 0 0 0 8 5.5z" />,
  pause: () => (
    <>
      <rect x="6.5" y="5" width="4" height="14" rx="1" />
      <rect x="13.5" y="5" width="4" height="14" rx="1" />
    </>
  ),
  stop: () => <rect x="6.5" y="6.5" width="11" height="11" rx="1.5" />,
  send: () => stroke('M12 19V6M6.5 11 12 5.5 17.5 11'),
  watch: () => (
    <>
      {stroke('M3.5 12c2-3.7 4.9-5.5 8.5-5.5s6.5 1.8 8.5 5.5c-2 3.7-4.9 5.5-8.5 5.5S5.5 15.7 3.5 12z')}
      <circle cx="12" cy="12" r="2.3" />
    </>
  ),
  close: () => stroke('M6.5 6.5l11 11M17.5 6.5l-11 11'),
  back: () => stroke('M18 12H6M11 6.5 5.5 12l5.5 5.5'),
  down: () => stroke('M12 6v12M6.5 12.5 12 18l5.5-5.5'),
  upload: () => stroke('M12 16V5M7.5 9.5 12 5l4.5 4.5M5 19h14'),
  sound: () => loudspeaker('M15 9a4 4 0 0 1 0 6M17.5 6.5a7.5 7.5 0 0 1 0 11'),
  muted: () => loudspeaker('M15.5 9.5l5 5M20.5 9.5l-5 5'),
};

function stroke(d: string): JSX.Element {
  return <path class="line" d={d} />;
}

function loudspeaker(waves: string): JSX.Element {
  return (
    <>
      <path d="M4 9.5v5h3l4.5 3.8V5.7L7 9.5z" />
      {stroke(waves)}
    </>
  );
}
