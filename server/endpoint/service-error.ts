/** An error reported by a service. */
export interface ServiceError {
  /** Text to show; bounded. */
  readonly message: string;
  /** Text to classify it by: message, code, type and parameter. */
  readonly words: string;
  /** The HTTP status it names, if any. */
  readonly status: number | null;
}

/** Most UTF-16 units kept of a message. */
const longest = 600;

/**
 * Reads the error in an answer, in any of the common forms: `{error: {message, code, type, param}}`, `{error:
 * "..."}`, `{object: "error", message}`, `{detail: [{loc, msg}]}`, `{errors: [...]}`, `{code, msg}`, and an
 * error within a choice. Null if there is none.
 */
export function readServiceError(answer: unknown): ServiceError | null {
  const fields = record(answer) ?? record(list(answer)[0]);
  if (fields === null) return null;
  const inChoice = record(list(fields['choices'])[0])?.['error'];
  const inner = fields['error'] ?? list(fields['errors'])[0] ?? inChoice;
  if (typeof inner === 'string') return described({ ...fields, message: inner });
  const error = record(inner);
  if (error !== null) return described({ ...error, status: error['status'] ?? fields['status'] });
  if (fields['choices'] !== undefined && list(fields['choices']).length > 0) return null;
  return wordFields.some((name) => fields[name] != null) ? described(fields) : null;
}

/**
 * An object without `error` counts as an error if it has one of these. `type` and `status` are not enough,
 * since other APIs' answers have them too.
 */
const wordFields = ['message', 'msg', 'detail', 'error_msg', 'title', 'code', 'error_code', 'status_code'];

function described(given: Fields): ServiceError | null {
  // Some services nest the message once more.
  const fields = { ...given, ...record(given['message']) };
  const details = list(fields['detail']).map((one) => detailOf(one));
  const said = [fields['message'], fields['msg'], fields['detail'], fields['error_msg'], fields['title']];
  const message = said.find((text) => typeof text === 'string' && text !== '') ?? details.join('; ');
  const codes = [fields['code'], fields['status'], fields['error_code'], fields['status_code']];
  const named = [...codes, fields['type'], fields['param']].filter(isWord).map(String);
  if (typeof message !== 'string' || (message === '' && named.length === 0)) return null;
  const shown = message === '' ? named.join(' ') : message;
  const status = codes.map(Number).find((code) => Number.isInteger(code) && code >= 300 && code < 600);
  return {
    message: shown.slice(0, longest),
    words: `${shown.slice(0, longest)} ${named.join(' ').slice(0, longest)}`,
    status: status ?? null,
  };
}

/** One fault found by a validating server: its location and what is wrong, never the input. */
function detailOf(detail: unknown): string {
  const fields = record(detail);
  if (fields === null) return typeof detail === 'string' ? detail : '';
  const place = list(fields['loc']).filter(isWord).join('.');
  return [place, fields['msg'], fields['type']].filter(isWord).join(' ');
}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isWord(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
