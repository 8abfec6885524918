/** An error in the words of the service. */
export interface ServiceError {
  /** What is shown; bounded. */
  readonly message: string;
  /** What it is recognised by: message, code, kind and parameter. */
  readonly words: string;
  /** The HTTP status it names; null where it names none. */
  readonly status: number | null;
}

/** UTF-16 units of a service's words that are kept. */
const longest = 600;

/**
 * Reads the error out of an answer, in any of the forms in use: `{error: {message, code, type, param}}`,
 * `{error: "..."}`, `{object: "error", message}`, `{detail: [{loc, msg}]}`, `{errors: [...]}`, `{code, msg}`,
 * and an error within a choice. Null where there is none.
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

/** One of these makes an object without `error` one; other APIs' answers have a `type` and a `status` too. */
const wordFields = ['message', 'msg', 'detail', 'error_msg', 'title', 'code', 'error_code', 'status_code'];

function described(given: Fields): ServiceError | null {
  // Some wrap their words once more.
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

/** One fault of a validating server: where it lies, and what is wrong; never what was sent. */
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
