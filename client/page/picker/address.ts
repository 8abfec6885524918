import type { ChosenVideo } from '../state/view.js';

/**
 * The video at an address that a person wrote, or why it is none and how it should be written. Nothing is
 * fetched for that. A host and a path alone are taken for `https`.
 */
export function videoAt(written: string): AddressedVideo {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `https://${written}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  const scheme = url?.protocol.slice(0, -1) ?? '';
  if (url === null || url.hostname === '' || /\s/.test(written)) {
    return { fault: `“${short(written)}” is no address. Write it as in ${examples.rtsp}` };
  }
  if (!schemes.includes(scheme)) {
    return {
      fault: `${scheme}:// is not read here. Write one of ${schemes.join(', ')}, as in ${examples.rtsp}`,
    };
  }
  if (url.port === '' && (scheme === 'srt' || scheme === 'udp')) {
    return { fault: `The address names no port. Write it as in ${examples[scheme]}` };
  }
  return {
    video: {
      ...{ title: titleOf(url), source: { type: 'url', url: address }, playUrl: null },
      ...{ questions: [], footage: 'real' },
    },
  };
}

type AddressedVideo = { readonly video: ChosenVideo } | { readonly fault: string };

const schemes: readonly string[] = ['http', 'https', 'rtsp', 'rtsps', 'rtmp', 'rtmps', 'srt', 'udp'];

const examples = {
  rtsp: 'rtsp://camera.local/stream',
  srt: 'srt://host.example:9000',
  udp: 'udp://127.0.0.1:5004',
};

/** The address as it may be shown: no password, no key in a query. */
function titleOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
