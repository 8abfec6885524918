/** Address of something on the server that this page came from, whatever path the page lives under. */
export function httpAddress(path: string): string {
  return new URL(path.replace(/^\//, './'), document.baseURI).href;
}

/** Address of the WebSocket of the server that this page came from. */
export function socketAddress(): string {
  const url = new URL('./v1/duet', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
