import { setMaxListeners } from 'node:events';
import { cachedJudge } from '../../asking/cached-judge.js';
import { openReplyCache } from '../../asking/reply-cache.js';
import { limitCalls } from '../../asking/call-limit.js';
import type { Judge } from '../../judge.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { shareInFlight } from '../../asking/share-in-flight.js';
import { openClient } from './client.js';
import { endpointJudge } from './endpoint-judge.js';
import { checkAddress } from './check-endpoint.js';

/** Opens a model behind an endpoint: so many requests at once, each case asked once, replies kept in the cache. */
export async function openEndpointJudge(model: string, settings: JudgeSettings): Promise<Judge> {
  checkAddress(settings);
  // Every request under way listens for an interruption.
  if (settings.signal !== null) setMaxListeners(0, settings.signal);
  const asked = endpointJudge(openClient(settings), model, settings);
  const limit = limitCalls(settings.concurrency);
  const limited: Judge = {
    ...asked,
    rate: (judgeCase, rubric) => limit(() => asked.rate(judgeCase, rubric)),
  };
  if (settings.cacheFolder === null) return shareInFlight(limited, settings.tally);
  const cache = await openReplyCache(settings.cacheFolder);
  return shareInFlight(cachedJudge(limited, cache, settings.tally), settings.tally);
}
