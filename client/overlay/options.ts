/**
 * What the address of the overlay asks for, such as `?session=latest&position=top&size=6`. What makes no
 * sense is as if it were not there, with a line on the console: a broadcast is no place for messages.
 */
export function readOptions(query: URLSearchParams): OverlayOptions {
  const style = oneOf(query, 'style', ['captions', 'chat']);
  return {
    key: query.get('token') ?? query.get('session') ?? 'latest',
    style,
    position: oneOf(query, 'position', ['bottom', 'middle', 'top']),
    align: oneOf(
      query,
      'align',
      style === 'chat' ? ['left', 'center', 'right'] : ['center', 'left', 'right'],
    ),
    size: numberBetween(query, 'size', 1, 30) ?? (style === 'chat' ? 3.5 : 5),
    colour: query.get('color'),
    background: query.get('background'),
    staySeconds: query.get('stay') === 'forever' ? Infinity : numberBetween(query, 'stay', 1, 3600),
    messages: Math.round(numberBetween(query, 'messages', 1, 20) ?? 6),
    questions: query.getAll('questions'),
    user: query.get('user') === '1',
  };
}

/** How the overlay looks, and what it shows. */
export interface OverlayOptions {
  /** What names the session: its id, a token, or `latest`. */
  readonly key: string;
  readonly style: 'captions' | 'chat';
  readonly position: 'bottom' | 'middle' | 'top';
  readonly align: 'left' | 'center' | 'right';
  /** Height of the letters in hundredths of that of the page. */
  readonly size: number;
  /** Colours as style sheets write them; null for the usual. */
  readonly colour: string | null;
  readonly background: string | null;
  /** How long words stay: null as long as it takes to read them, in the chat for ever. */
  readonly staySeconds: number | null;
  /** Most messages of the chat. */
  readonly messages: number;
  /** Questions whose replies are shown, by id or text, as lists with commas; none for all replies. */
  readonly questions: readonly string[];
  /** Whether what the user says is shown, too. */
  readonly user: boolean;
}

/** Gives an element the look that was asked for. */
export function applyLook(words: HTMLElement, options: OverlayOptions): void {
  const { style, position, align, size, colour, background } = options;
  Object.assign(words.dataset, { style, position, align });
  words.style.setProperty('--size', String(size));
  setColour(words, '--colour', colour);
  setColour(words, '--background', background === 'none' ? 'transparent' : background);
}

function setColour(words: HTMLElement, property: string, colour: string | null): void {
  if (colour === null) return;
  // OBS and address bars take a # for the beginning of something else.
  const named = /^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(colour) ? `#${colour}` : colour;
  if (CSS.supports('color', named)) words.style.setProperty(property, named);
  else
    console.warn(
      `The overlay knows no colour ${colour}: write one such as white, ffcc00 or rgb(0 0 0 / 60%)`,
    );
}

function oneOf<Value extends string>(
  query: URLSearchParams,
  name: string,
  values: readonly [Value, ...Value[]],
): Value {
  const asked = query.get(name);
  const found = values.find((value) => value === asked);
  if (asked !== null && found === undefined) {
    console.warn(`The overlay knows no ${name}=${asked}: write one of ${values.join(', ')}`);
  }
  return found ?? values[0];
}

function numberBetween(query: URLSearchParams, name: string, least: number, most: number): number | null {
  const asked = query.get(name);
  if (asked === null) return null;
  const value = Number(asked);
  if (asked.trim() !== '' && value >= least && value <= most) return value;
  console.warn(`The overlay takes ${name} from ${least} to ${most}, not ${asked}`);
  return null;
}
