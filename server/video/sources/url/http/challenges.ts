/**
 * The challenges of a `WWW-Authenticate` header, in order (RFC 9110, 11.6.1). Cameras write it sloppily:
 * commas may be missing or superfluous, and anything unintelligible is skipped.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  forEachPart(header, (part) => {
    if (part.type === 'scheme') challenges.push({ scheme: part.name, parameters: new Map() });
    else challenges.at(-1)?.parameters.set(part.name, part.value);
  });
  return challenges;
}

/** The parameters of a header without a scheme, such as `Authentication-Info`. */
export function parseParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  forEachPart(header, (part) => {
    if (part.type === 'parameter') parameters.set(part.name, part.value);
  });
  return parameters;
}

/** One way to sign in that a server offers. */
export interface Challenge {
  /** In lower case, such as `digest`. */
  readonly scheme: string;
  /** Names in lower case, values without their quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Characters of a header that are parsed. */
const maxLength = 8192;

const separators = /[\s,]*/y;
const parameter = /([!#$%&'*+.^`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/y;
const beginning = /([!#$%&'*+.^`|~\w-]+)(?: +[\w.~+/-]+=*(?=\s*(?:,|$)))?/y;

type Part =
  | { readonly type: 'scheme'; readonly name: string }
  | { readonly type: 'parameter'; readonly name: string; readonly value: string };

function forEachPart(header: string, take: (part: Part) => void): void {
  const text = header.slice(0, maxLength);
  for (let at = end(separators, text, 0); at < text.length; at = end(separators, text, at)) {
    parameter.lastIndex = at;
    beginning.lastIndex = at;
    const named = parameter.exec(text);
    const begun = named === null ? beginning.exec(text) : null;
    if (named !== null) {
      const [, name = '', quoted, bare = ''] = named;
      const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare;
      take({ type: 'parameter', name: name.toLowerCase(), value });
    } else if (begun !== null) {
      take({ type: 'scheme', name: (begun[1] ?? '').toLowerCase() });
    }
    at += (named ?? begun)?.[0].length ?? 1;
  }
}

function end(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
