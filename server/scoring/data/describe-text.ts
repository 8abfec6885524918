/** What a text that should be JSON is instead, and the remedy; the first match counts. */
const looks: readonly (readonly [pattern: RegExp, description: string])[] = [
  [/^version https:\/\/git-lfs/, 'is a pointer of Git LFS, not the file itself; fetch it with: git lfs pull'],
  [
    /^<(?:!doctype|html|head|\?xml|\w+[\s>])/i,
    'is a web page or XML, not JSON; was the page saved instead of the file?',
  ],
  [/^[^\n{}[\]"]*[,;\t][^\n{}[\]]*(?:\n|$)/, 'looks like a table (CSV); expected JSON'],
];

/** Words and marks of other languages that look like JSON, and their JSON counterparts. */
const foreign: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/^'/, "single quotes are Python's way to print; write JSON with json.dumps"],
  [/^(?:None|True|False)\b/, "None, True and False are Python's; write JSON with json.dumps"],
  [/^(?:undefined)\b/, 'JSON has no undefined; write null or leave it out'],
  [/^(?:\/\/|\/\*|#)/, 'JSON has no comments'],
];

/** In a few words why text is not JSON from `offset` on. */
export function describeFault(text: string, offset: number): string {
  const look = looks.find(([pattern]) => pattern.test(text.slice(0, 2000).trimStart()));
  if (look !== undefined && text.slice(0, offset).trim() === '') return look[1];
  const rest = text.slice(offset).trimEnd();
  if (isUnfinished(rest)) return 'the JSON ends too early; was the file cut off while it was written?';
  const before = text.slice(Math.max(0, offset - 200), offset).trimEnd();
  if (before.endsWith(',') && /^[\]}]/.test(rest)) {
    return `is not JSON: a comma stands before the closing ${rest.charAt(0)}; leave it out`;
  }
  const remedy = foreign.find(([pattern]) => pattern.test(rest))?.[1];
  return (
    'is not JSON: unexpected ' +
    `${JSON.stringify(rest.slice(0, 12))}${remedy === undefined ? '' : ` (${remedy})`}`
  );
}

/**
 * Whether the text from a fault on could go on to be a value: nothing, an open string, the beginning of a
 * word.
 */
function isUnfinished(rest: string): boolean {
  if (rest.startsWith('"')) return !/[^\\]"/.test(rest);
  return rest === '-' || ['true', 'false', 'null', 'NaN', 'Infinity'].some((word) => word.startsWith(rest));
}
