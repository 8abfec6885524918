import type { Sample } from '../library/samples.js';
import type { Footage } from '../settings/footage.js';
import type { HostedSession } from '../transport/sessions/hosted-session.js';

/** What the protocol is served with. */
export interface McpHost {
  readonly version: string;
  /** Opens a session with the model for such pictures. */
  readonly openSession: (footage: Footage) => Promise<HostedSession>;
  /** The bundled clips. */
  readonly samples: () => Promise<readonly Pick<Sample, 'name' | 'footage'>[]>;
}
