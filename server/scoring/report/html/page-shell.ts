import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../../package-folder.js';
import { DuetError } from '../../../errors.js';
import { html, Markup } from './markup.js';
import type { ReportPage } from './report-page.js';

/** Everything before the first section. {@link pageEnd} closes what stays open here. */
export function pageStart(page: ReportPage, assets: PageAssets): Markup {
  const opened = (tag: string): Markup => new Markup(`<${tag}>\n`);
  return html`${opened('!doctype html')}${opened('html lang="en"')}${head(page, assets)}${opened('body')}
    <a class="skip" href="#examples">Skip to the examples</a>
    ${banner(page)}${opened('main id="main"')}
    <noscript><p class="notice">Charts and examples need the script of this page.</p></noscript>`;
}

/** Everything after the last section. */
export function pageEnd(assets: PageAssets): Markup {
  return new Markup(`</main>\n<script>${scriptText(assets)}</script>\n</body>\n</html>\n`);
}

function head({ title }: ReportPage, assets: PageAssets): Markup {
  // Built outside the template: the hash in the policy is of the exact text.
  const style = new Markup(`<style>${styleText(assets)}</style>`);
  return html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${securityPolicy(assets)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <meta name="generator" content="Duet" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
    ${style}
  </head>`;
}

function banner({ title, report }: ReportPage): Markup {
  return html`<header class="top">
    <p class="brand">Duet <span>${report.task}</span></p>
    <h1>${title}</h1>
    <nav aria-label="Sections">
      <ul id="sections"></ul>
    </nav>
  </header>`;
}

/**
 * Allows nothing to be loaded, sent or run except the page's own script and style, identified by their
 * hashes.
 */
function securityPolicy(assets: PageAssets): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(scriptText(assets))}'`,
    `style-src '${hashOf(styleText(assets))}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** In a script these sequences stand in strings and patterns only, where the backslash changes nothing. */
function scriptText({ script }: PageAssets): string {
  return script.replaceAll(/<(?=\/script|script|!--)/gi, '\\x3c');
}

function styleText({ style }: PageAssets): string {
  return style.replaceAll(/<(?=\/style)/gi, '\\3c ');
}

/** Script and style that go into every page. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Where the build puts them; found from the sources and from the built server alike. */
const builtFolder = join(packageFolder, 'dist', 'report');

/** Reads the built script and style of the page. */
export async function readPageAssets(folder = builtFolder): Promise<PageAssets> {
  const [script, style] = await Promise.all([
    readAsset(folder, 'report.js'),
    readAsset(folder, 'report.css'),
  ]);
  return { script, style };
}

async function readAsset(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new DuetError('internal', `${file} of the report page cannot be read; run: npm run build`, {
      cause,
    });
  }
}
