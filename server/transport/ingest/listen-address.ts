/** Splits `HOST:PORT`, as in `127.0.0.1:1935` or `[::1]:1935`; undefined for `off`. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, port] = pattern.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** Whether a text is an address to listen on with a port, or `off`. */
export function isListenAddress(text: string): boolean {
  if (text === 'off') return true;
  const address = parseListenAddress(text);
  return address !== undefined && address.port <= 65_535;
}

/** Where to listen. */
interface ListenAddress {
  /** An address or a name, without brackets. */
  readonly host: string;
  readonly port: number;
}

const pattern = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i;
