/**
 * A message without keys: services quote those they refuse; others than ours are recognised by their format.
 */
export function withoutSecrets(message: string, apiKey: string | null): string {
  const hidden = apiKey === null || apiKey.length < 4 ? message : message.replaceAll(apiKey, '[key]');
  return hidden
    .replaceAll(/\b(?:sk|pk|gsk|xai|hf|rk|key|api)[-_][\w*-]{4,}/g, '[key]')
    .replaceAll(/\bAIza[\w-]{10,}|\beyJ[\w-]{10,}(?:\.[\w-]+)*/g, '[key]')
    .replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=*-]{4,}/g, '$1 [key]');
}

/** The innermost cause of an error; the first one if several addresses of a host were tried. */
export function innermost(thrown: unknown): InnermostCause {
  let inner = thrown;
  while (inner instanceof Error) {
    const next: unknown = inner instanceof AggregateError ? inner.errors[0] : inner.cause;
    if (!(next instanceof Error)) break;
    inner = next;
  }
  if (!(inner instanceof Error)) return { message: String(inner), code: '' };
  const code = 'code' in inner ? String(inner.code) : '';
  // OpenSSL surrounds its message with memory addresses and source locations.
  const message = inner.message.replace(/^\w+:error:\w+:([^:]+):[^:]*:([^:]+):.*$/s, '$1: $2');
  return { message: message === '' ? code : message, code };
}

/** What is told of an innermost cause. */
export interface InnermostCause {
  readonly message: string;
  /** Of the system or of ours; empty if it has none. */
  readonly code: string;
}

/** What to do about a connection that failed; `named` is what the user calls the address. */
export function connectionRemedy({ code, message }: InnermostCause, named: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'renew its certificate';
  if (code === 'CERT_NOT_YET_VALID') return 'check the clocks: its certificate is not valid yet';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `check ${named}: name the host that its certificate is for`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return 'its certificate is not trusted: name the file of its authority, or of itself, in NODE_EXTRA_CA_CERTS';
  }
  if (/SSL|EPROTO/.test(code) || /wrong version number|packet length/i.test(message)) {
    return `check ${named}: http:// and https:// are mixed up`;
  }
  // What a server does that expects https://.
  if (code === 'UND_ERR_SOCKET') return `check ${named}, also whether it begins with http:// or https://`;
  return `is it running? check ${named}`;
}

/** Seconds that a service asks to wait, in its `Retry-After`; 0 if it does not ask. */
export function waitOf({ headers }: Pick<Response, 'headers'>): number {
  const asked = headers.get('retry-after') ?? '';
  const seconds =
    asked === '' || !Number.isNaN(Number(asked)) ? Number(asked) : (Date.parse(asked) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
