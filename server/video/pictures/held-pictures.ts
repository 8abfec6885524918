/**
 * The newest of the larger pictures of a source, for whoever looks at one: in all {@link mostBytes}, however
 * many frames wait. They are held for as long as their frames are.
 */
export class HeldPictures<Larger extends object> {
  readonly #newest: { readonly held: WeakRef<Held<Larger>>; readonly bytes: number }[] = [];
  #bytes = 0;

  /** Holds a picture; what is returned gives it, or null once newer ones have taken its room. */
  hold(picture: Larger, bytes: number): () => Larger | null {
    const held: Held<Larger> = { picture };
    this.#newest.push({ held: new WeakRef(held), bytes });
    this.#bytes += bytes;
    while (this.#bytes > mostBytes) this.#letGo();
    return () => held.picture;
  }

  #letGo(): void {
    const oldest = this.#newest.shift();
    if (oldest === undefined) return;
    this.#bytes -= oldest.bytes;
    const held = oldest.held.deref();
    if (held !== undefined) held.picture = null;
  }
}

interface Held<Larger> {
  picture: Larger | null;
}

/** Two of the largest messages, a hundred pictures of a webcam, or ten that were decoded for the reader. */
const mostBytes = 16 * 1024 * 1024;
