import type { ServerMessage } from './protocol.js';
import { errorFromMessage, type DuetClientError } from './client-error.js';

/** Requests that wait for their answer, which names them by `client_event_id`. */
export class Answers {
  readonly #waiting = new Map<string, Waiting>();

  /** The answer to a request; rejects with the server's refusal, or when the session is lost. */
  to<Type extends AnswerType>(eventId: string, type: Type): Promise<AnswerOf<Type>> {
    return new Promise((resolve, reject) => {
      const settle = (message: ServerMessage): void => {
        if (isAnswer(message, type)) resolve(message);
      };
      this.#waiting.set(eventId, { type, settle, reject });
    });
  }

  /** A message has arrived, maybe an answer. */
  hear(message: ServerMessage): void {
    const eventId = message.type === 'session.opened' ? this.#opening() : requestOf(message);
    const waiting = eventId === null ? undefined : this.#waiting.get(eventId);
    if (eventId === null || waiting === undefined) return;
    this.#waiting.delete(eventId);
    if (message.type === 'error') waiting.reject(errorFromMessage(message));
    else waiting.settle(message);
  }

  /** No more answers will come. */
  end(error: DuetClientError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** The first event of a session is in its record, which knows nothing of the request. */
  #opening(): string | null {
    return [...this.#waiting].find(([, { type }]) => type === 'session.opened')?.[0] ?? null;
  }
}

/** What a request can wait for. */
export type AnswerType = 'session.opened' | 'session.resumed' | 'session.following' | 'session.shared';

/** A message that answers one request. */
export type AnswerOf<Type extends AnswerType> = Extract<ServerMessage, { type: Type }>;

interface Waiting {
  readonly type: AnswerType;
  readonly settle: (message: ServerMessage) => void;
  readonly reject: (error: DuetClientError) => void;
}

function requestOf(message: ServerMessage): string | null {
  return 'client_event_id' in message ? message.client_event_id : null;
}

function isAnswer<Type extends AnswerType>(message: ServerMessage, type: Type): message is AnswerOf<Type> {
  return message.type === type;
}
