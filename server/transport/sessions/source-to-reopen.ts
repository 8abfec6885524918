import snakecaseKeys from 'snakecase-keys';
import { z } from 'zod';
import { clientMessageSchema } from '../../protocol/client-messages.js';
import { fromWire } from '../wire.js';
import type { StartRequest } from './open-source.js';

/**
 * The source to open again, from what was remembered of it: a recording goes on after `videoTime`, where it
 * stopped. Null if nothing was remembered, or another version of Duet did it.
 */
export function sourceToReopen(remembered: unknown, videoTime: number): SourceToReopen | null {
  const { success, data } = rememberedSchema.safeParse(remembered);
  if (!success) return null;
  const parsed = clientMessageSchema.safeParse(snakecaseKeys(data.request, { deep: true }));
  const request = parsed.success ? fromWire(parsed.data) : null;
  if (request?.type !== 'source.start') return null;
  // The frame at that time was told already.
  return { request, name: data.name, from: videoTime > 0 ? videoTime + 0.001 : undefined };
}

/** A source, and where to begin. */
interface SourceToReopen {
  readonly request: StartRequest;
  readonly name: string;
  readonly from: number | undefined;
}

const rememberedSchema = z.object({
  name: z.string(),
  request: z.record(z.string(), z.unknown()),
});
