import { find } from '../common/element.js';

/** Lets the buttons copy the text they name; where the browser does not allow it, the text is selected instead. */
export function mountCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    const source = find(button.dataset['copy'] ?? '', HTMLElement);
    if (source === null) continue;
    button.hidden = false;
    button.addEventListener('click', () => void copy(source, button));
  }
}

async function copy(source: HTMLElement, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(source);
    button.textContent = 'Selected';
  }
}
