import type { SnakeCase, SnakeCasedPropertiesDeep } from 'type-fest';
import type { LiveSettings, SessionSettings } from './session-settings.js';
import type { PolicySettings } from './policies.js';

/** The name of a setting on the wire: `assistantTurns` becomes `assistant_turns`. */
export function wireName<Name extends string>(name: Name): SnakeCase<Name> {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as SnakeCase<Name>;
}

/** Session settings on the wire. */
export type WireSessionSettings = SnakeCasedPropertiesDeep<SessionSettings>;

/** Live settings on the wire. */
export type WireLiveSettings = SnakeCasedPropertiesDeep<LiveSettings>;

/** A response policy on the wire. */
export type WirePolicy = SnakeCasedPropertiesDeep<PolicySettings>;
