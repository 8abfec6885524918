import type { FormAspect } from './refusal.js';

/** What in a request differs from service to service. */
export interface RequestForm {
  /** Under which name the limit of the reply goes; null for a service that knows neither. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens' | null;
  /** Tokens a reply may have. */
  readonly tokens: number;
  /** Whether a temperature of 0 is asked for, rather than the service's own. */
  readonly temperature: boolean;
  /** Whether the instructions have a role of their own, rather than standing before the first example. */
  readonly systemRole: boolean;
}

/** Room for a reply, in tokens. */
interface ReplyRoom {
  /** Asked for at first. */
  readonly first: number;
  /** Asked for once a reply was cut off; the same for no more. */
  readonly most: number;
}

/** Room for models that think before they answer, whose thoughts count. */
const thinkingRoom = 4096;

/**
 * Room for a rating, and much more for models that turn out to think or to be wordy. A limit that was given
 * is kept.
 */
export function replyRoomOf(maxTokens: number | null): ReplyRoom {
  return maxTokens === null ? { first: 16, most: thinkingRoom } : { first: maxTokens, most: maxTokens };
}

/**
 * The form that a model is asked in at first. Models known to think refuse a temperature and the older limit.
 */
export function firstForm(model: string, { first }: ReplyRoom): RequestForm {
  const thinks = /^(?:o\d|gpt-5(?!.*chat))/.test(model);
  return {
    limitName: thinks ? 'max_completion_tokens' : 'max_tokens',
    tokens: thinks ? Math.max(first, thinkingRoom) : first,
    temperature: !thinks,
    systemRole: true,
  };
}

/** The form in which a service is asked; what one request learns holds for all. */
interface FormMemory {
  current(): RequestForm;
  /**
   * Turns to another form after `form` was refused, or its reply cut off, for the sake of `aspect`. False
   * where there is no other. Every aspect changes once (the name of the limit twice), so that turning comes
   * to an end.
   */
  turnFrom(form: RequestForm, aspect: FormAspect): boolean;
}

/** Remembers the form of a judge. */
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
      // Another request has learned it meanwhile.
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

/** What a report says of a form that is not the first. */
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
