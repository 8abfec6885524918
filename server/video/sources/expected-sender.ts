/** A sender that may come, go and come back. */
export interface ExpectedSender {
  /**
   * Resolves with the sender once it is there, or with where ffmpeg is to wait for it.
   *
   * @throws DuetError 'source_failed' when none came in time, 'cancelled'.
   */
  next(signal: AbortSignal): Promise<ArrivedSender>;
  /** Its pictures have come: if it goes, its time for coming back begins anew. */
  opened(): void;
  /** Whether its time for coming is over. */
  readonly isOver: boolean;
}

/** A sender: the bytes of FLV that came from it, or the address at which ffmpeg receives it by SRT. */
export type ArrivedSender =
  | {
      readonly type: 'flv';
      readonly bytes: {
        /** All bytes from the first one on; a newer reading ends the older one. */
        read(): AsyncIterable<Uint8Array>;
        /** Nobody will read from the beginning again. */
        settle(): void;
      };
      /** Whether it said that this was its end. */
      readonly hasFinished: () => boolean;
      /** Ends its connection. */
      readonly hangUp: () => void;
    }
  | {
      readonly type: 'srt';
      readonly host: string;
      readonly port: number;
      readonly passphrase: string;
      readonly patienceMs: number;
    };
