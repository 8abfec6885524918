import type { SourceRequest } from '../../server/protocol/client-messages.js';

/** A video the person has picked. */
export interface ChosenVideo {
  readonly title: string;
  readonly source: SourceRequest;
  /** Where the page itself can play it from. */
  readonly playUrl: string;
  readonly questions: readonly string[];
}
