import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DuetError } from '../../server/errors.js';
import { ModelRegistry, type AvailableModel } from '../../server/runtime/model-registry.js';
import { ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';

/** A model that counts how often it is loaded. */
function available(name: string, load?: AvailableModel['load']) {
  const model = new ScriptedModel({ capabilities: { name } });
  const calls = { loads: 0 };
  const counted: AvailableModel = {
    place: `./${name}-folder`,
    capabilities: model.capabilities,
    folder: null,
    fingerprint: () => Promise.resolve(name),
    load: (signal) => {
      calls.loads += 1;
      return load?.(signal) ?? Promise.resolve(model);
    },
  };
  return { model, calls, available: counted };
}

test('models are listed in the order they were named, and none is loaded for it', () => {
  const [small, large] = [available('small'), available('large')];
  const registry = new ModelRegistry([small.available, large.available]);
  expect(registry.capabilities.map(({ name }) => name)).toEqual(['small', 'large']);
  expect([small.calls.loads, large.calls.loads]).toEqual([0, 0]);
});

test('the first model is the default', async () => {
  const [small, large] = [available('small'), available('large')];
  const registry = new ModelRegistry([small.available, large.available]);
  expect(await registry.get()).toBe(small.model);
  expect(await registry.get('small')).toBe(small.model);
  expect(await registry.get('large')).toBe(large.model);
  expect([small.calls.loads, large.calls.loads]).toEqual([1, 1]);
});

test('all who ask while a model is being loaded share one loading', async () => {
  const {
    model,
    calls,
    available: slow,
  } = available('slow', async () => {
    await pause(20);
    return model;
  });
  const registry = new ModelRegistry([slow]);
  expect(await Promise.all([registry.get(), registry.get('slow'), registry.get()])).toEqual([
    model,
    model,
    model,
  ]);
  expect(calls.loads).toBe(1);
});

test('what fails to load fails for those who asked, and is tried again by the next', async () => {
  const {
    model,
    calls,
    available: flaky,
  } = available('flaky', () =>
    calls.loads === 1
      ? Promise.reject(new DuetError('model_failed', 'a file was altered'))
      : Promise.resolve(model),
  );
  const registry = new ModelRegistry([flaky]);
  await expect(registry.get()).rejects.toMatchObject({ code: 'model_failed', message: 'a file was altered' });
  expect(await registry.get()).toBe(model);
});

test('a name that is not there is refused with those that are', async () => {
  const registry = new ModelRegistry([available('small').available, available('large').available]);
  await expect(registry.get('medium')).rejects.toMatchObject({
    code: 'not_found',
    message: 'No model medium is loaded here: leave it out, or ask for small or large',
  });
});

test('two models of one name are refused with both places', () => {
  const [one, two] = [available('twin').available, available('twin').available];
  expect(() => new ModelRegistry([one, { ...two, place: './copy' }])).toThrow(
    'The models at ./twin-folder and ./copy are both called twin',
  );
});

test('disposing frees what is loaded, gives up what is being loaded, and leaves the rest', async () => {
  const [small, large] = [available('small'), available('large')];
  const abandoned = available(
    'slow',
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new DuetError('cancelled', 'loading was aborted'));
        });
      }),
  );
  const registry = new ModelRegistry([small.available, large.available, abandoned.available]);
  await registry.get();
  const waiting = expect(registry.get('slow')).rejects.toMatchObject({ code: 'cancelled' });
  await registry[Symbol.asyncDispose]();
  await waiting;
  expect([small.model.closed, large.model.closed, large.calls.loads]).toEqual([true, false, 0]);
});
