import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { wholeChat, guess, lettersOf, send, systemOneForm } from './fake-engine-answers.js';
import { readRequest, type SeenRequest } from './seen-request.js';

/** What it serves with pictures; a System One takes them in one form. */
type Served = 'decisions' | 'systemone' | 'systemone-images' | 'systemone-assets' | 'logprobs' | 'report';

/** What a {@link FakeEngine} can do and how it fails. */
export interface FakeEngineScript {
  /** What it serves with pictures, besides a chat that is streamed; default: everything. */
  readonly serves?: readonly Served[];
  /** The probability of a statement; default 0.1 */
  readonly probability?: (statement: string, request: SeenRequest) => number;
  /** The parts of a reply; default: `A car.` An async part holds it open. */
  readonly reply?: (request: SeenRequest) => Iterable<string> | AsyncIterable<string>;
  /** What goes wrong with a request; null for nothing. */
  readonly fault?: (request: SeenRequest) => Fault | null;
  /** Key that it asks for. */
  readonly key?: string;
  /** Milliseconds before every answer. */
  readonly delayMs?: number;
  /** Tokens that a decision and a reply are said to have taken in; default 900 or so. */
  readonly inputTokens?: () => number;
  /** The probability of each token of the reply with which a prompt ends; default: prompts are not told. */
  readonly fit?: (caption: string, request: SeenRequest) => number;
  /** Port; default: a free one. */
  readonly port?: number;
  /** The certificate with which it serves https, and its key. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whether it answers without looking at pictures. */
  readonly guesses?: boolean;
  /** Paths at which it answers without looking at pictures. */
  readonly blindAt?: readonly string[];
  /** The likely first tokens of a chat and their probabilities; default: yes and no. */
  readonly firstTokens?: readonly (readonly [token: string, probability: number])[];
  /** Whether it takes pictures; default true. */
  readonly sees?: boolean;
  /** How many pictures it takes at once; default: any number. */
  readonly mostPictures?: number;
}

const everything: readonly Served[] = ['decisions', 'systemone', 'logprobs', 'report'];

/** What goes wrong. */
export type Fault =
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
    }
  | { readonly type: 'stall' | 'junk' | 'html' | 'hang-up' | 'refusal' | 'drip' | 'huge' | 'deep' }
  | { readonly type: 'inside'; readonly error: unknown };

/**
 * A server with the wire shapes of OpenAI's Decisions, System One, and chat completions (whole, with log
 * probabilities, and streamed), written from their schemas.
 */
export class FakeEngine implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  readonly script: FakeEngineScript;
  /** Requests whose connection the client has closed before the answer was whole. */
  aborted = 0;
  /** Most requests that were answered at once. */
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #server: Server;

  private constructor(script: FakeEngineScript) {
    this.script = script;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#answer(request, response).catch((thrown: unknown) => {
        response.destroy(thrown instanceof Error ? thrown : undefined);
      });
    };
    this.#server =
      script.tls === undefined ? createServer(listener) : createSecureServer(script.tls, listener);
  }

  static async open(script: FakeEngineScript = {}): Promise<FakeEngine> {
    const engine = new FakeEngine(script);
    engine.#server.listen(script.port ?? 0, '127.0.0.1');
    await once(engine.#server, 'listening');
    return engine;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Its base address without a path. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The requests of sessions at a path. */
  at(path: string): readonly SeenRequest[] {
    return this.seen.filter((request) => request.path === path && !request.isProbe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming, this.seen);
    this.seen.push(request);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    response.on('close', () => {
      this.#atOnce -= 1;
      if (!response.writableFinished) this.aborted += 1;
    });
    const { key, delayMs = 0, fault, sees = true, mostPictures = Infinity } = this.script;
    if (key !== undefined && request.authorization !== `Bearer ${key}`) {
      send(response, 401, {
        error: { message: `Incorrect API key provided: ${request.authorization}`, code: 'invalid_api_key' },
      });
      return;
    }
    if (delayMs > 0) await sleep(delayMs);
    const wrong = fault?.(request) ?? null;
    if (wrong !== null && (await this.#fail(wrong, request, response))) return;
    if (!sees && request.pictures.length > 0) {
      send(response, 400, { error: { message: 'image input is not supported by this model' } });
      return;
    }
    if (request.pictures.length > mostPictures) {
      const message = `At most ${mostPictures} image(s) may be provided in one prompt.`;
      send(response, 400, { error: { message, type: 'BadRequestError', param: 'image', code: 400 } });
      return;
    }
    await this.#serve(request, response);
  }

  async #serve(request: SeenRequest, response: ServerResponse): Promise<void> {
    const { serves = everything } = this.script;
    if (request.path === '/v1/decisions' && serves.includes('decisions')) {
      send(response, 200, this.#decisions(request));
    } else if (request.path === '/v1/systemone' && serves.some((way) => way.startsWith('systemone'))) {
      send(response, 200, this.#systemOne(request));
    } else if (request.path === '/v1/systemone') {
      send(response, 501, {
        error: { code: 501, message: 'This model is not a decision model', type: 'not_supported_error' },
      });
    } else if (request.path === '/v1/chat/completions') {
      await this.#chat(request, response, serves);
    } else send(response, 404, { error: { message: `File Not Found`, type: 'not_found_error', code: 404 } });
  }

  #probability(statement: string, request: SeenRequest): number {
    const { guesses = false, blindAt = [] } = this.script;
    if (guesses || blindAt.includes(request.path)) return 0.5;
    const [, colour] = /picture is all (red|blue)/.exec(statement) ?? [];
    if (colour !== undefined) return colour === request.newestColour ? 0.9 : 0.1;
    return (request.isProbe ? undefined : this.script.probability?.(statement, request)) ?? 0.1;
  }

  #tokens(usual: number): number {
    return this.script.inputTokens?.() ?? usual;
  }

  #decisions(request: SeenRequest): object {
    const questions = request.body.questions as readonly {
      readonly name: string;
      readonly instructions: string;
    }[];
    const answers = questions.map(({ name, instructions }) => ({
      ...{ type: 'predicate', name, probability: this.#probability(instructions, request) },
    }));
    const usage = {
      ...{ input_tokens: this.#tokens(900), output_tokens: 3 },
      ...{ input_tokens_details: {}, output_tokens_details: {} },
    };
    return { answers, model: request.body['model'], usage };
  }

  /**
   * Pictures in another form than its own are ignored, or read as letters where they are part of the state.
   */
  #systemOne(request: SeenRequest): object {
    const questions = request.body.questions as Readonly<Record<string, { readonly instructions: string }>>;
    const form = systemOneForm(request);
    const sees = (this.script.serves ?? everything).find((way) => way.startsWith('systemone')) === form;
    const letters = sees || form !== 'systemone' ? 0 : lettersOf(request);
    const answers = Object.entries(questions).map(([id, { instructions }]) => [
      id,
      {
        type: 'noul',
        noul: sees ? this.#probability(instructions, request) : guess(instructions),
        label_mass: 0.97,
      },
    ]);
    return {
      model: request.body['model'],
      answers: Object.fromEntries(answers) as object,
      usage: { input_tokens: Math.round(this.#tokens(800) + 0.6 * letters), output_tokens: 2 },
    };
  }

  async #chat(request: SeenRequest, response: ServerResponse, serves: readonly string[]): Promise<void> {
    if (request.body.stream === true) await this.#stream(request, response);
    else if (request.body['prompt_logprobs'] === 0 && this.script.fit !== undefined)
      send(response, 200, this.#promptLogprobs(request, this.script.fit));
    else if (request.body.logprobs === true && serves.includes('logprobs'))
      send(response, 200, this.#logprobs(request));
    else if (request.body.logprobs === true)
      send(response, 200, wholeChat(request, { content: 'yes', tokens: this.#tokens(700) }));
    else if (serves.includes('report'))
      send(response, 200, wholeChat(request, { content: this.#report(request), tokens: this.#tokens(700) }));
    else send(response, 400, { error: { message: 'only streams are served' } });
  }

  #logprobs(request: SeenRequest): object {
    const yes = this.#probability(request.texts.at(-1) ?? '', request) * 0.9;
    const no = 0.9 - yes;
    const likely = [
      ...[
        { token: 'Yes', logprob: Math.log(yes * 0.75) },
        { token: ' yes', logprob: Math.log(yes * 0.25) },
      ],
      ...[
        { token: 'No', logprob: Math.log(no) },
        { token: 'Maybe', logprob: Math.log(0.06) },
      ],
    ];
    const own = this.script.firstTokens?.map(([token, p]) => ({ token, logprob: Math.log(p) }));
    const top_logprobs = own ?? likely;
    const content = [{ ...{ token: 'No', logprob: Math.log(no), bytes: null }, top_logprobs }];
    const logprobs = { content, refusal: null };
    return wholeChat(request, { content: 'No', logprobs, tokens: this.#tokens(700) });
  }

  /** As vLLM tells them: none for the first token, and each by its id. */
  #promptLogprobs(request: SeenRequest, fit: NonNullable<FakeEngineScript['fit']>): object {
    const caption = request.texts.at(-1) ?? '';
    const tokens = ['<image>', ...(caption.match(/\s*\S{1,3}/g) ?? [])];
    const logprob = Math.log(fit(caption, request));
    const told = tokens.map((decoded_token, id) => ({ [id]: { logprob, rank: 1, decoded_token } }));
    return {
      ...wholeChat(request, { content: 'a', tokens: this.#tokens(700) }),
      prompt_logprobs: [null, ...told],
    };
  }

  #report(request: SeenRequest): string {
    const statements = (request.texts.at(-1) ?? '').split('\n').slice(1, -1);
    const sure = statements.map((statement) => Math.round(100 * this.#probability(statement, request)));
    return `\`\`\`json\n${JSON.stringify({ sure })}\n\`\`\``;
  }

  async #stream(request: SeenRequest, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = (choices: readonly object[], more: object = {}): void => {
      const chunk = {
        id: 'c',
        object: 'chat.completion.chunk',
        created: 1,
        model: request.body['model'],
        choices,
        ...more,
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    write([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]);
    for await (const content of this.script.reply?.(request) ?? ['A ', 'car.']) {
      if (response.destroyed) return;
      write([{ index: 0, delta: { content }, finish_reason: null }]);
    }
    write([{ index: 0, delta: {}, finish_reason: 'stop' }]);
    write([], { usage: { prompt_tokens: this.#tokens(1200), completion_tokens: 4 } });
    response.end('data: [DONE]\n\n');
  }

  /** Returns whether the answer is over; `refusal` may be one of a stream. */
  async #fail(fault: Fault, request: SeenRequest, response: ServerResponse): Promise<boolean> {
    switch (fault.type) {
      case 'status':
        send(
          response,
          fault.status,
          fault.body ?? { error: { message: `status ${fault.status}` } },
          fault.headers,
        );
        return true;
      case 'inside':
        send(response, 200, { error: fault.error });
        return true;
      case 'stall':
        await once(response, 'close');
        return true;
      case 'drip':
        response.writeHead(200, { 'content-type': 'application/json' });
        while (!response.destroyed) {
          response.write(' ');
          await sleep(20);
        }
        return true;
      case 'junk':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"answers": [');
        return true;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>');
        return true;
      case 'huge':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`"${'x'.repeat(6 * 2 ** 20)}"`);
        return true;
      case 'deep':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('['.repeat(2_000_000));
        return true;
      case 'hang-up':
        response.destroy();
        return true;
      case 'refusal':
        this.#refuse(request, response);
        return true;
    }
  }

  #refuse(request: SeenRequest, response: ServerResponse): void {
    const { path, body } = request;
    const names = Array.isArray(body.questions)
      ? (body.questions as readonly { readonly name: string }[])
      : [];
    if (path === '/v1/decisions') {
      send(response, 200, {
        answers: names.map(({ name }) => ({ type: 'refusal', name })),
        model: 'fake',
        usage: {},
      });
    } else if (body.stream === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const choices = [{ index: 0, delta: { role: 'assistant', refusal: 'I cannot.' }, finish_reason: null }];
      response.end(`data: ${JSON.stringify({ choices })}\n\ndata: [DONE]\n\n`);
    } else send(response, 400, { error: { message: 'flagged by content policy', code: 'content_filter' } });
  }
}
