import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuetError } from '../errors.js';

/** What is kept, and for how long. */
export interface UploadLimits {
  readonly maxBytes: number;
  readonly maxUploads: number;
  /** Milliseconds after its last use at which an upload is deleted. */
  readonly keepMs: number;
}

/** An uploaded video on disk. */
export interface Upload {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
}

/** Uploaded videos in a temporary folder of their own; all of it is deleted at the end. */
export class UploadStore implements AsyncDisposable {
  readonly folder: string;
  readonly limits: UploadLimits;
  readonly #uploads = new Map<string, Upload & { readonly expiry: ReturnType<typeof setTimeout> }>();

  private constructor(folder: string, limits: UploadLimits) {
    this.folder = folder;
    this.limits = limits;
  }

  static async create(limits: UploadLimits): Promise<UploadStore> {
    return new UploadStore(await mkdtemp(join(tmpdir(), 'duet-uploads-')), limits);
  }

  /** Throws 'busy' when no more uploads are kept. */
  requireRoom(): void {
    if (this.#uploads.size < this.limits.maxUploads) return;
    throw new DuetError(
      'busy',
      `The server keeps ${this.limits.maxUploads} uploads already: try again later`,
    );
  }

  /** Takes charge of a file in {@link folder}. */
  add(upload: Upload): Upload {
    const expiry = setTimeout(() => {
      this.#uploads.delete(upload.id);
      void rm(upload.path, { force: true });
    }, this.limits.keepMs);
    expiry.unref();
    this.#uploads.set(upload.id, { ...upload, expiry });
    return upload;
  }

  /** An upload, whose time to live begins anew; throws 'not_found'. */
  get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (!upload)
      throw new DuetError('not_found', `There is no upload ${id}, or it has expired: upload the video again`);
    upload.expiry.refresh();
    return upload;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { expiry } of this.#uploads.values()) clearTimeout(expiry);
    this.#uploads.clear();
    await rm(this.folder, { recursive: true, force: true });
  }
}
