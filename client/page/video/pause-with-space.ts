/** Elements that use Space themselves: text fields, buttons, links, checkboxes. A slider does not. */
const ownSpace =
  'button, a[href], select, textarea, summary, [contenteditable], input:not([type="range"]), label';

/**
 * Lets Space pause the video and go on, wherever the focus is, unless the focused element has a use for it.
 */
export function pauseWithSpace(toggle: () => void): void {
  document.addEventListener('keydown', (event) => {
    const { key, repeat, target, defaultPrevented } = event;
    if (key !== ' ' || repeat || defaultPrevented) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (target instanceof Element && target.closest(ownSpace) !== null) return;
    // It would scroll the page.
    event.preventDefault();
    toggle();
  });
}
