import type { Policy } from './policy.js';

// Rules that forbid a reply. Each takes a policy and returns one that answers `suppress` instead of `speak`
// where the rule applies. Rules against repeated replies belong here too.

/** Suppresses replies for `seconds` of video after a reply; 0 changes nothing. */
export function withCooldown(policy: Policy, seconds: number): Policy {
  return (moment) => {
    const decision = policy(moment);
    const resting = moment.videoTime - moment.lastReplyTime < seconds;
    return decision.answer === 'speak' && resting
      ? { ...decision, answer: 'suppress', reason: 'cooldown' }
      : decision;
  };
}
