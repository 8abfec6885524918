import './popover.css';
import type { ComponentChildren } from 'preact';

/** A quiet button, and the panel with a heading that it opens over the page. */
export function PopoverButton({ id, label, heading, children, ...button }: PopoverButtonProps) {
  const [panelId, headingId] = [`${id}-panel`, `${id}-heading`];
  return (
    <>
      <button type="button" class="button quiet small" id={id} popovertarget={panelId} {...button}>
        {label}
      </button>
      <div class="popover" id={panelId} popover="auto" role="dialog" aria-labelledby={headingId}>
        <h3 class="popover-title" id={headingId}>
          {heading}
        </h3>
        {children}
      </div>
    </>
  );
}

interface PopoverButtonProps {
  /** Of the button; its panel has `-panel` after it. */
  readonly id: string;
  readonly label: string;
  /** What the button is for, in a few words. */
  readonly title: string;
  readonly heading: string;
  readonly hidden?: boolean;
  readonly disabled?: boolean;
  /** The panel opens, or closes. */
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}
