/** Lists the sections that the server has written at the top of the page. */
export function mountSections(): void {
  const list = document.getElementById('sections');
  for (const heading of document.querySelectorAll('main > section > h2')) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.textContent = heading.textContent;
    link.href = `#${heading.parentElement?.id ?? ''}`;
    item.append(link);
    list?.append(item);
  }
}

/** Lets the buttons copy the text they name; if the browser forbids it, the text is selected instead. */
export function mountCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    const source = document.getElementById(button.dataset['copy'] ?? '');
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
