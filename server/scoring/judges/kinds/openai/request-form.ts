import type { FormAspect } from '../../../../endpoint/refusal.js';

/** The parts of a request that differ between services. */
export interface RequestForm {
  /** Name of the token limit; null for a service that supports neither. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens' | null;
  /** Most tokens of a reply. */
  readonly tokens: number;
  /** Whether to send temperature 0 rather than use the service's default. */
  readonly temperature: boolean;
  /** Whether instructions go into a system message rather than before the first example. */
  readonly systemRole: boolean;
}

/** Room for a reply, in tokens. */
interface ReplyRoom {
  /** The first limit. */
  readonly first: number;
  /** The limit after a reply was cut off; the same as `first` to keep it. */
  readonly most: number;
}

/** Room for models that think before they answer, since thoughts count. */
const thinkingRoom = 4096;

/**
 * Room for a rating first, and much more once a model turns out to think or be wordy. A given limit is kept.
 */
export function replyRoomOf(maxTokens: number | null): ReplyRoom {
  return maxTokens === null ? { first: 16, most: thinkingRoom } : { first: maxTokens, most: maxTokens };
}

/** The first form to try. Models known to think refuse a temperature and the older limit name. */
export function firstForm(model: string, { first }: ReplyRoom): RequestForm {
  const thinks = /^(?:o\d|gpt-5(?!.*chat))/.test(model);
  return {
    limitName: thinks ? 'max_completion_tokens' : 'max_tokens',
    tokens: thinks ? Math.max(first, thinkingRoom) : first,
    temperature: !thinks,
    systemRole: true,
  };
}

/** Remembers the form a service accepts, for all requests. */
interface FormMemory {
  current(): RequestForm;
  /**
   * Changes `aspect` after `form` was refused or its reply cut off. Returns false if nothing is left to try.
   * Every aspect changes at most once (the limit name twice), so this ends.
   */
  turnFrom(form: RequestForm, aspect: FormAspect): boolean;
}

/** Opens the form memory of a judge. */
export function openFormMemory(first: RequestForm, room: ReplyRoom): FormMemory {
  let form = first;
  const limitNames = [first.limitName, otherName(first.limitName), null] as const;
  const next = (aspect: FormAspect): RequestForm | null => {
    switch (aspect) {
      case 'limit_name': {
        const limitName = limitNames[limitNames.indexOf(form.limitName) + 1];
        return limitName === undefined ? null : { ...form, limitName };
      }
      case 'temperature':
        return form.temperature ? { ...form, temperature: false } : null;
      case 'system_role':
        return form.systemRole ? { ...form, systemRole: false } : null;
      case 'room':
        return form.tokens < room.most ? { ...form, tokens: room.most } : null;
    }
  };
  return {
    current: () => form,
    turnFrom(asked, aspect) {
      // Another request has already changed it.
      if (asked[fieldOf[aspect]] !== form[fieldOf[aspect]]) return true;
      const other = next(aspect);
      form = other ?? form;
      return other !== null;
    },
  };
}

const fieldOf = {
  limit_name: 'limitName',
  temperature: 'temperature',
  system_role: 'systemRole',
  room: 'tokens',
} as const;

function otherName(name: RequestForm['limitName']): RequestForm['limitName'] {
  return name === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
}

/** Describes how a form differs from the first, for a report. */
export function describeForm(form: RequestForm, first: RequestForm): string[] {
  return [
    ...(form.temperature === first.temperature ? [] : ['without a temperature, which it refuses']),
    ...(form.systemRole === first.systemRole
      ? []
      : ['with the rubric before the first example, since it knows no system role']),
    ...(form.tokens === first.tokens
      ? []
      : [`with room for ${form.tokens} tokens, since ${first.tokens} cut its replies off`]),
  ];
}
