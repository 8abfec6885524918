import { find, make } from '../common/element.js';

/** Lists the sections that this page has at its top. */
export function mountSections(): void {
  const headings = [...document.querySelectorAll('main > section > h2')];
  const links = headings.map((heading) => {
    const href = `#${heading.parentElement?.id ?? ''}`;
    return make('li', { children: [make('a', { text: heading.textContent, attributes: { href } })] });
  });
  find('sections', HTMLUListElement)?.append(...links);
}
