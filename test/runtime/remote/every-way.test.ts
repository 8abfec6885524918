import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine, type Fault, type FakeEngineScript } from '../../support/fake-engine.js';
import type { SeenRequest } from '../../support/seen-request.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playLive } from './remote-session.js';

type Served = NonNullable<FakeEngineScript['serves']>;

/** Each way of deciding, by what an engine must not serve so that it is taken. */
const ways: readonly (readonly [decides: string, serves: Served])[] = [
  ['Decisions', ['decisions', 'systemone', 'logprobs', 'report']],
  ['System One', ['systemone', 'logprobs', 'report']],
  ['System One, with a list of pictures', ['systemone-images', 'logprobs', 'report']],
  ['System One, with pictures as assets', ['systemone-assets', 'logprobs', 'report']],
  ['the probability of yes', ['logprobs', 'report']],
  ['what the model says of itself', ['report']],
  ['how well the last reply still fits', []],
];

/** What goes wrong, one after the other, and how the frame is told that was asked about. */
const faults: readonly (readonly [Fault, 'failed' | 'refused'])[] = [
  [{ type: 'status', status: 429 }, 'failed'],
  [{ type: 'status', status: 500 }, 'failed'],
  [{ type: 'stall' }, 'failed'],
  [{ type: 'drip' }, 'failed'],
  [{ type: 'junk' }, 'failed'],
  [{ type: 'hang-up' }, 'failed'],
  [{ type: 'inside', error: { message: 'overloaded', code: 529 } }, 'failed'],
  [{ type: 'refusal' }, 'refused'],
];

// Failures that may have been charged count as such, so the budget has room for them.
test.each(ways)(
  'a whole session through %s, in which everything goes wrong once',
  async (decides, serves) => {
    const script = new Misfortunes();
    let engine = await FakeEngine.open({ ...script.options, serves });
    const { port, url } = engine;
    const file = await writeModelFile({
      ...{ preset: 'vllm', model: 'fake', url: `${url}/v1`, limits: { decisionSeconds: 1 } },
      // The one way that is not tried by itself.
      ...(serves.length === 0 && { decide: 'caption' }),
      ...{ prices: { input: 1 }, picture: { tokens: 50_000 } },
    });
    const model = await loadRemote(file, { budget: 3 });
    expect(model.capabilities.remote?.decides).toBe(decides);
    await using session = await openRemoteSession(model);
    const told = (): readonly string[] => eventsOf(session, 'frame.unscored').map(({ reason }) => reason);
    const scored = (): number => eventsOf(session, 'frame.scored').length;
    const replies = (status: string): number =>
      eventsOf(session, 'response.done').filter((done) => done.status === status).length;
    const steps = inOrder([
      [
        () => scored() > 0,
        () => {
          script.begin();
        },
      ],
      // Every fault has come, and the model answers again.
      [
        () => script.left === 0,
        () => {
          script.mark = scored();
        },
      ],
      [
        () => scored() > script.mark,
        () => {
          script.mark = replies('completed');
          script.isTelling = true;
          session.addUserText('Is there a zebra?');
        },
      ],
      [
        () => replies('completed') > script.mark,
        () => {
          script.talksOn = true;
          script.deltas = eventsOf(session, 'response.text.delta').length;
          script.isTelling = true;
          session.addUserText('Is there a gnu?');
        },
      ],
      [
        () => eventsOf(session, 'response.text.delta').length > script.deltas + 3,
        () => {
          expect(session.cancelReply()).toBe(true);
          script.talksOn = false;
          script.isTelling = false;
        },
      ],
      [
        () => replies('cancelled') > 0,
        () => {
          void engine[Symbol.asyncDispose]();
          script.mark = told().length;
        },
      ],
      [
        () => told().slice(script.mark).includes('failed'),
        () => {
          void FakeEngine.open({ ...script.options, serves, port }).then((again) => {
            engine = again;
            script.mark = scored();
            script.isBack = true;
          });
        },
      ],
      [
        () => script.isBack && scored() > script.mark,
        () => {
          script.tokens = 100_000;
        },
      ],
      [() => told().includes('budget'), () => undefined],
    ]);
    await playLive(session, steps.next, { everyMs: 10 });
    expect(steps.taken, 'steps taken').toBe(steps.all);
    expect(told().filter((reason) => reason === 'refused')).toHaveLength(1);
    expect(script.asked).toContain('Is there a zebra?');
    expect(eventsOf(session, 'source.ended')).toHaveLength(1);
    await session.close('done');
    const spent = eventsOf(session, 'session.spent').at(-1);
    expect(spent?.dollars).toBeLessThanOrEqual(3);
    await engine[Symbol.asyncDispose]();
  },
);

/** An engine that does what it is told at the moment. */
class Misfortunes {
  /** How often a fault is still to come. */
  left = faults.length;
  /** Tokens that every request is said to have taken. */
  tokens = 900;
  talksOn = false;
  /** Whether there is something new to tell. */
  isTelling = false;
  isBack = false;
  /** What was counted when a step began. */
  mark = 0;
  deltas = 0;
  /** All texts that decisions were asked about. */
  asked = '';
  #hasBegun = false;
  #fits = 0;
  #isWrong = false;

  get options(): FakeEngineScript {
    return {
      inputTokens: () => this.tokens,
      probability: (statement) => (/zebra|gnu/.test(statement) ? 0.9 : 0.1),
      fit: () => this.#fit(),
      reply: () => this.#reply(),
      fault: (request) => this.#fault(request),
    };
  }

  begin(): void {
    this.#hasBegun = true;
  }

  #fault({ body, texts }: SeenRequest): Fault | null {
    if (body.stream !== true) this.asked = texts.join('\n');
    if (!this.#hasBegun || this.left === 0 || body.stream === true) return null;
    // After a failure in a row the model would be left alone for longer each time.
    this.#isWrong = !this.#isWrong;
    if (!this.#isWrong) return null;
    const [fault] = faults[faults.length - this.left] ?? [null];
    this.left -= 1;
    return fault;
  }

  /** A reply fits when it was made, and not any more while there is something new to tell. */
  #fit(): number {
    this.#fits += 1;
    return this.isTelling && this.#fits > 1 ? 0.05 : 0.8;
  }

  async *#reply(): AsyncGenerator<string> {
    this.#fits = 0;
    yield 'A ';
    for (let word = 0; this.talksOn && word < 2000; word++) {
      yield `word${word} `;
      await sleep(5);
    }
    yield 'car.';
  }
}

/**
 * Takes steps one after the other, each when its condition holds; `next` is true when the last one is taken.
 */
function inOrder(steps: readonly (readonly [when: () => boolean, take: () => void])[]) {
  const order = { taken: 0, all: steps.length, next };
  return order;
  function next(): boolean {
    const [when, take] = steps[order.taken] ?? [() => false, () => undefined];
    if (when()) {
      take();
      order.taken += 1;
    }
    return order.taken >= steps.length;
  }
}
