import type { ReceivedPicture } from '../../frame.js';

/**
 * The newest pictures that a client has pushed, undecoded, for whoever wants one larger than the model sees it; in all
 * {@link mostBytes}, whatever is pushed and however many frames wait.
 */
export class HeldPictures {
  readonly #held: Held[] = [];
  #bytes = 0;

  /** Holds a picture; what is returned gives it, or null once newer ones have taken its room. */
  hold(picture: ReceivedPicture): () => ReceivedPicture | null {
    const held: Held = { picture };
    this.#held.push(held);
    this.#bytes += picture.bytes.length;
    while (this.#bytes > mostBytes) this.#letGo();
    return () => held.picture;
  }

  #letGo(): void {
    const oldest = this.#held.shift();
    this.#bytes -= oldest?.picture?.bytes.length ?? 0;
    if (oldest !== undefined) oldest.picture = null;
  }
}

interface Held {
  picture: ReceivedPicture | null;
}

/** Two of the largest messages, or about a hundred pictures of a webcam. */
const mostBytes = 16 * 1024 * 1024;
