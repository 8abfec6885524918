import OpenAI from 'openai';
import type { JudgeSettings } from '../judge-settings.js';

/** The official client, told everything explicitly so that no environment variable is read behind the settings. */
export function openClient(settings: JudgeSettings): OpenAI {
  const { apiKey } = settings;
  return new OpenAI({
    baseURL: settings.url,
    // The client insists on a key; the header below keeps it from being sent.
    apiKey: apiKey ?? 'none',
    ...(apiKey === null ? { defaultHeaders: { Authorization: null } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: settings.retries,
    timeout: settings.timeoutMs,
    logLevel: 'off',
  });
}
