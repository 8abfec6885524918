/** What a network error means, without its IP addresses, which may belong to a private network. */
export function describeNetworkError(thrown: unknown): string {
  const code = codeOf(thrown);
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused; is its server running?';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'its server closed the connection';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'its server cannot be reached';
    case 'ABORT_ERR':
      return 'its server does not answer in time';
    case 'HPE_HEADER_OVERFLOW':
      return `its server sends more than ${maxHeaderBytes / 1024} KiB of headers`;
    default:
      if (isOfCertificate(code)) return `its certificate is not valid (${code})`;
      return code.startsWith('HPE_')
        ? 'its server does not answer in HTTP'
        : `the connection failed (${code === '' && thrown instanceof Error ? thrown.message : code})`;
  }
}

/**
 * Whether the same request may succeed later: the network or the server was away. What a server says wrongly,
 * its certificate included, stays wrong.
 */
export function mayMendItself(thrown: unknown): boolean {
  return passing.has(codeOf(thrown));
}

/** Answers of a server that may be well again later. */
export const passingStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Bytes of the headers of one response. */
export const maxHeaderBytes = 64 * 1024;

const passing: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ABORT_ERR'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EAI_AGAIN'],
  ...['ERR_STREAM_PREMATURE_CLOSE', 'EMFILE', 'ENFILE'],
]);

/** OpenSSL's reasons to reject a certificate, as Node names them. */
function isOfCertificate(code: string): boolean {
  return /CERT|CRL|^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)$/.test(
    code,
  );
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
