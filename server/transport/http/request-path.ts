/**
 * The path of a request line's target, or null where there is none. Whatever stands there is a stranger's
 * text: a path as it is (`//` is a path too, not the beginning of a host), or a whole address as proxies send
 * it.
 */
export function requestPath(target: string | undefined): string | null {
  if (target === undefined) return null;
  if (target.startsWith('/')) return target.split(/[?#]/, 1)[0] ?? null;
  return URL.canParse(target) ? new URL(target).pathname : null;
}
