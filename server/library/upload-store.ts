import { rm } from 'node:fs/promises';
import { DuetError } from '../errors.js';
import { UploadFolder } from './upload-folder.js';

/**
 * Uploaded videos in a temporary folder of their own, which is deleted at the end.
 *
 * - A place is reserved before the first byte arrives, so that uploads in progress count too.
 * - A deleted upload can no longer be opened, but current readers may finish; the file is deleted and its
 *   place freed after the last of them.
 */
export class UploadStore implements AsyncDisposable {
  readonly limits: UploadLimits;
  readonly #folder: UploadFolder;
  readonly #places = new Set<Place>();
  readonly #kept = new Map<string, Place>();
  #bytes = 0;

  private constructor(folder: UploadFolder, limits: UploadLimits) {
    this.#folder = folder;
    this.limits = limits;
  }

  static async create(limits: UploadLimits): Promise<UploadStore> {
    return new UploadStore(await UploadFolder.create(), limits);
  }

  get folder(): string {
    return this.#folder.path;
  }

  /** Reserves a place for an upload. Throws 'busy', 'storage_full' or 'too_large'. */
  expect({ id, address, announced }: UploadRequest): ComingUpload {
    this.#requireRoom(address);
    if (announced > this.limits.maxBytes + multipartBytes) throw tooLarge(this.limits.maxBytes);
    const place: Place = { id, address, bytes: 0, upload: null, users: 0, expiry: undefined };
    this.#grow(place, announced);
    this.#places.add(place);
    return {
      arrived: (bytes) => {
        if (bytes > this.limits.maxBytes) throw tooLarge(this.limits.maxBytes);
        if (bytes > place.bytes) this.#grow(place, bytes);
      },
      keep: (file) => this.#keep(place, { id, ...file }),
      discard: () => {
        this.#free(place);
      },
    };
  }

  /** Opens an upload for reading; its lifetime restarts when it is released. Throws 'not_found'. */
  use(id: string): UploadInUse {
    const { place, upload } = this.#find(id);
    place.users += 1;
    clearTimeout(place.expiry);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      place.users -= 1;
      if (place.users === 0) this.#leave(place);
    };
    return { ...upload, release };
  }

  /** Deletes an upload, at once or after its current readers. Throws 'not_found'. */
  async delete(id: string): Promise<void> {
    const { place } = this.#find(id);
    this.#kept.delete(id);
    if (place.users === 0) await this.#remove(place);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { expiry } of this.#places) clearTimeout(expiry);
    this.#places.clear();
    this.#kept.clear();
    await this.#folder[Symbol.asyncDispose]();
  }

  #requireRoom(address: string | null): void {
    const { maxUploads, maxPerAddress = Infinity } = this.limits;
    if (this.#places.size >= maxUploads) throw full(`${maxUploads} uploads`);
    if (address === null) return;
    const own = [...this.#places].filter((place) => place.address === address).length;
    if (own >= maxPerAddress) throw full(`${maxPerAddress} uploads of your address`);
  }

  #grow(place: Place, bytes: number): void {
    const { maxTotalBytes = Infinity } = this.limits;
    const others = this.#bytes - place.bytes;
    if (others + bytes > maxTotalBytes) {
      const kept = `${megabytes(others)} of ${megabytes(maxTotalBytes)}`;
      throw new DuetError('storage_full', `The server keeps ${kept} of uploads already: ${remedy}`);
    }
    this.#bytes = others + bytes;
    place.bytes = bytes;
  }

  #keep(place: Place, upload: Upload): Upload {
    if (!this.#places.has(place)) throw new DuetError('cancelled', 'The server is stopping');
    place.upload = upload;
    this.#bytes += upload.bytes - place.bytes;
    place.bytes = upload.bytes;
    this.#kept.set(upload.id, place);
    this.#leave(place);
    return upload;
  }

  #find(id: string): { place: Place; upload: Upload } {
    const place = this.#kept.get(id);
    if (place?.upload) return { place, upload: place.upload };
    const named = id.slice(0, 64);
    throw new DuetError(
      'not_found',
      `There is no upload ${named}, or it has expired: upload the video again`,
    );
  }

  /**
   * Called when nobody reads an upload any more: it lives on for a while, or is deleted if that was
   * requested.
   */
  #leave(place: Place): void {
    if (this.#kept.get(place.id) === place) {
      const expire = (): void => void this.delete(place.id).catch(() => undefined);
      place.expiry = setTimeout(expire, this.limits.keepMs).unref();
    } else {
      void this.#remove(place);
    }
  }

  async #remove(place: Place): Promise<void> {
    clearTimeout(place.expiry);
    // A file that cannot be deleted now goes with the folder.
    if (place.upload) await rm(place.upload.path, { force: true, maxRetries: 3 }).catch(() => undefined);
    this.#free(place);
  }

  #free(place: Place): void {
    if (this.#places.delete(place)) this.#bytes -= place.bytes;
  }
}

/** What is kept, and for how long; a limit that is left out does not apply. */
export interface UploadLimits {
  /** Bytes of one upload. */
  readonly maxBytes: number;
  /** Number of uploads, kept or in progress. */
  readonly maxUploads: number;
  /** Bytes of all uploads. */
  readonly maxTotalBytes?: number;
  /** Like `maxUploads`, for one address. */
  readonly maxPerAddress?: number;
  /** Milliseconds after its last use when an upload is deleted. */
  readonly keepMs: number;
}

/** An uploaded video on disk. */
export interface Upload {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  /** Media type, as far as the content tells. */
  readonly type: string | null;
}

/** The sender of an upload, and its announced size. */
interface UploadRequest {
  readonly id: string;
  /** What counts as one client; null if no limit per address applies. */
  readonly address: string | null;
  /** Bytes announced; 0 if unknown. */
  readonly announced: number;
}

/** An upload that is being read; release it once, afterwards. */
interface UploadInUse extends Upload {
  readonly release: () => void;
}

/** A reserved place for an upload that has yet to arrive; end it with `keep` or `discard`. */
interface ComingUpload {
  /** Reports the total bytes so far; throws 'too_large' or 'storage_full' when there are too many. */
  readonly arrived: (bytes: number) => void;
  /**
   * Keeps the complete upload, whose file is in the folder. Throws 'cancelled' when the store has been
   * closed.
   */
  readonly keep: (file: Omit<Upload, 'id'>) => Upload;
  /** Gives the place back; the file must be gone. */
  readonly discard: () => void;
}

interface Place {
  readonly id: string;
  readonly address: string | null;
  /** The announced bytes while it is arriving, then the actual ones. */
  bytes: number;
  upload: Upload | null;
  users: number;
  expiry: ReturnType<typeof setTimeout> | undefined;
}

/** Allowance for the multipart envelope around the file. */
const multipartBytes = 64 * 1024;

const remedy = 'delete one that is no longer needed, or try again later';

function full(what: string): DuetError {
  return new DuetError('busy', `The server keeps ${what} already: ${remedy}`);
}

function tooLarge(maxBytes: number): DuetError {
  return new DuetError(
    'too_large',
    `The upload is larger than the ${megabytes(maxBytes)} that the server accepts`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
