import type { Policy } from './policy.js';

// What forbids a reply that a policy calls for. Each rule takes a policy and gives one that answers
// `suppress` instead of `speak` where the rule holds; rules against saying it again belong here too.

/** Keeps silent for `seconds` of video after a reply; 0 changes nothing. */
export function withCooldown(policy: Policy, seconds: number): Policy {
  return (moment) => {
    const decision = policy(moment);
    const resting = moment.videoTime - moment.lastReplyTime < seconds;
    return decision.answer === 'speak' && resting
      ? { ...decision, answer: 'suppress', reason: 'cooldown' }
      : decision;
  };
}
