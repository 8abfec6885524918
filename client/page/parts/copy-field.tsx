import './copy-field.css';
import { useEffect, useRef, useState } from 'preact/hooks';

interface CopyFieldProps {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

/** A text to take elsewhere, and a button that copies it and says so. */
export function CopyField({ id, label, text }: CopyFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState<Told | null>(null);
  useEffect(() => {
    if (told === null) return undefined;
    const timer = setTimeout(() => {
      setTold(null);
    }, toldMs);
    return () => {
      clearTimeout(timer);
    };
  }, [told]);
  const copy = async (): Promise<void> => {
    if (field.current !== null) setTold((await isCopied(field.current)) ? copied : selected);
  };
  return (
    <div class="copy-field">
      <label for={id}>{label}</label>
      <input
        ref={field}
        type="text"
        id={id}
        value={text}
        readOnly
        spellcheck={false}
        onFocus={({ currentTarget }) => {
          currentTarget.select();
        }}
      />
      <button type="button" class="button" data-copies={id} onClick={() => void copy()}>
        {told?.button ?? 'Copy'}
        <span class="visually-hidden"> {label}</span>
      </button>
      <span class="visually-hidden" role="status">
        {told && `${label}: ${told.aloud}`}
      </span>
    </div>
  );
}

/** What the button says for a moment, and what screen readers say. */
interface Told {
  readonly button: string;
  readonly aloud: string;
}

const copied: Told = { button: 'Copied', aloud: 'copied' };
const selected: Told = { button: 'Selected', aloud: 'selected; this browser does not let the page copy it' };

/** How long it is told, in milliseconds. */
const toldMs = 2500;

/** Where the page is neither local nor behind HTTPS there is no clipboard: then the old way, by selection. */
async function isCopied(field: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    const focused = document.activeElement;
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way without a clipboard
    const done = document.execCommand('copy');
    if (done && focused instanceof HTMLElement) focused.focus();
    return done;
  }
}
