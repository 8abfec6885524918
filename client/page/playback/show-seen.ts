import { httpAddress } from '../server/http.js';

/**
 * Draws what a session looks at, picture by picture, until the signal aborts; one at a time, so that a slow
 * line skips pictures rather than gathering them. Where the session is not going on it draws the last one.
 */
export async function showSeen(
  canvas: HTMLCanvasElement,
  { sessionId, going, signal }: Showing,
): Promise<void> {
  let number = 0;
  do {
    const seen = await nextPicture(sessionId, number, signal);
    if (seen === null) await pause(signal);
    else {
      number = seen.number;
      draw(canvas, seen.picture);
      canvas.dataset['videoTime'] = String(seen.videoTime);
    }
  } while (going && !signal.aborted);
}

interface Showing {
  readonly sessionId: string;
  /** Whether more pictures are to come. */
  readonly going: boolean;
  readonly signal: AbortSignal;
}

interface FetchedPicture {
  readonly number: number;
  /** Seconds on the media clock. */
  readonly videoTime: number;
  readonly picture: ImageBitmap;
}

/** Waits for a picture after this one; null where there is none for now. */
async function nextPicture(
  sessionId: string,
  after: number,
  signal: AbortSignal,
): Promise<FetchedPicture | null> {
  try {
    const path = `/v1/sessions/${encodeURIComponent(sessionId)}/picture.jpg?after=${after}`;
    const response = await fetch(httpAddress(path), { signal });
    if (response.status !== 200) return null;
    const { headers } = response;
    const picture = await createImageBitmap(await response.blob());
    return {
      number: Number(headers.get('duet-picture')),
      videoTime: Number(headers.get('duet-video-time')),
      picture,
    };
  } catch {
    // The server is away, which the page tells elsewhere, or the signal has aborted.
    return null;
  }
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  picture.close();
}

async function pause(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, againMs));
}

/** Milliseconds before a picture is asked for again that was not there. */
const againMs = 1000;
