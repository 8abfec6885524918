/**
 * Classifies a refusal by its status and words. Length is checked first: such messages also name parameters.
 */
export function refusalOf(status: number, words: string): Refusal {
  if (status === 413) return { type: 'too_long' };
  if (status === 429) return refusalForNow(words);
  if ([400, 403, 404, 406, 415, 422, 424, 451, 500, 501].includes(status)) {
    const about = formAspectOf(words);
    if (about !== null) return { type: 'form', about };
  }
  if (status >= 500 || [408, 409, 425].includes(status)) return { type: 'later' };
  if ([400, 403, 422, 451].includes(status) && contents.test(words)) return { type: 'case' };
  if (status !== 400 && status !== 422 && status !== 451) return { type: 'run' };
  if (tooLong.test(words) || lacksRoom.test(words)) return { type: 'too_long' };
  return { type: account.test(words) || noModel.test(words) ? 'run' : 'case' };
}

/** Why a service refuses a request. */
export type Refusal =
  /** The form of the request; another may be accepted. */
  | { readonly type: 'form'; readonly about: FormAspect }
  /** The case and the room for its reply are too long together. */
  | { readonly type: 'too_long' }
  /** This case alone, for its content or an unknown reason. */
  | { readonly type: 'case' }
  /** Every request: wrong key, model, account or address. */
  | { readonly type: 'run' }
  /** Busy or failed; a retry may succeed. */
  | { readonly type: 'later' };

/** Parts of the form of a request that can be changed. */
export type FormAspect = 'limit_name' | 'temperature' | 'system_role' | 'room';

/**
 * Refusals with status 429 are usually temporary, except for an empty account, or a request that alone
 * exceeds the limit per minute.
 */
function refusalForNow(words: string): Refusal {
  if (/request too large/i.test(words)) return { type: 'too_long' };
  return { type: /insufficient_quota|exceeded your current quota|billing/i.test(words) ? 'run' : 'later' };
}

function formAspectOf(words: string): FormAspect | null {
  if (wantsRoom.test(words)) return 'room';
  if (tooLong.test(words) || lacksRoom.test(words)) return null;
  if (/max_(?:completion_|new_)?tokens/i.test(words) && unsupported.test(words)) return 'limit_name';
  if (/temperature/i.test(words)) return 'temperature';
  return systemRole.test(words) ? 'system_role' : null;
}

const unsupported = anyOf(
  'support|unrecognized|unrecognised|unknown|unexpected|extra|permitted|not allowed|invalid|deprecated',
  'instead|forbidden',
);
const systemRole = anyOf(
  '(?:system|developer)[\'"`]?[\\s_-]*(?:role|message|prompt|instruction)',
  'role\\b.{0,60}\\b(?:system|developer)\\b',
  '\\b(?:got|but received) [\'"]?system\\b',
  'roles must alternate|alternate user/assistant',
);
const tooLong = anyOf(
  'context.?(?:length|window|size|limit)',
  'maximum.{0,20}(?:context|input|prompt|sequence|length)',
  'max_(?:model|input|seq)\\w*',
  'too (?:long|many (?:input )?tokens)',
  '(?:prompt|input|request|message)s?\\b.{0,60}(?:exceed|too (?:long|large|big))',
  'reduce (?:the|your) (?:length|prompt|input|message)',
  '(?:payload|entity|body) too large',
  'string_above_max_length',
);
const wantsRoom = anyOf(
  'could not finish|output limit was reached|higher max_',
  'max_\\w*tokens.{0,80}(?:at least|below minimum|minimum|greater than or equal|>= ?\\d)',
);
const lacksRoom = anyOf(
  'max_\\w*tokens.{0,80}(?:too large|at most|exceed|less than or equal|maximum)',
  'at most \\d+ completion',
);
const contents = anyOf(
  'content.?(?:filter|policy|management|moderation)|moderation|flagged|safety|responsible.?ai',
  'inappropriate|sensitive|prohibited|inspection',
);
const account = anyOf(
  'api.?key|credential|unauthori[sz]ed|authenticat|permission',
  'insufficient_quota|exceeded your current quota|billing|credits?\\b|balance|arrearage',
);
const noModel = anyOf(
  'model_not_found|(?:unknown|invalid|unsupported) model',
  'model\\b.{0,80}(?:not (?:exist|found|available|a valid|loaded))',
  'model\\b.{0,80}(?:does not exist|is not supported|unavailable)',
);

function anyOf(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), 'i');
}
