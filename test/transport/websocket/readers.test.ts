import { once } from 'node:events';
import { expect, test } from 'vitest';
import { sessionSettings } from '../../../server/duet/settings.js';
import type { HostedSession, SessionRole } from '../../../server/transport/sessions/hosted-session.js';
import { Connection } from '../../../server/transport/websocket/connection.js';
import type { ConnectionServices } from '../../../server/transport/websocket/services.js';
import { connectionServices } from '../connection-services.js';
import { received, socketPair } from '../socket-pair.js';

async function hostSession(services: ConnectionServices): Promise<HostedSession> {
  const { registry, sessions, models, now, newId } = services;
  const model = await models.get();
  const settings = sessionSettings(model.capabilities);
  return sessions.host(await registry.open({ id: newId(), model, settings, now }));
}

/** A client of a session, on a socket of its own. */
async function join(services: ConnectionServices, hosted: HostedSession, role: SessionRole) {
  const { server, client } = await socketPair();
  const connection = new Connection(server, services, null);
  const served = connection.serve();
  const messages = received(client);
  connection.attach(hosted, role, 0);
  const types = (): unknown[] => messages.map(({ type }) => type);
  return { client, messages, types, served, isOpen: () => client.readyState === client.OPEN };
}

test('others read a session from its beginning, and its controller stays', async () => {
  const services = connectionServices();
  const hosted = await hostSession(services);
  const controller = await join(services, hosted, 'controller');
  const readers = [await join(services, hosted, 'reader'), await join(services, hosted, 'reader')];
  controller.client.send(JSON.stringify({ type: 'session.update', settings: { cooldown: 1 } }));
  for (const { types } of [controller, ...readers]) {
    await expect.poll(types).toEqual(['session.opened', 'session.updated']);
  }
  expect([controller, ...readers].every(({ isOpen }) => isOpen())).toBe(true);
});

test('a reader controls nothing: its requests are refused, and both connections stay open', async () => {
  const services = connectionServices();
  const hosted = await hostSession(services);
  const controller = await join(services, hosted, 'controller');
  const reader = await join(services, hosted, 'reader');
  const asked = ['session.close', 'source.pause', 'response.cancel'];
  for (const type of asked) reader.client.send(JSON.stringify({ type, event_id: type }));
  await expect.poll(() => reader.messages.map((message) => message['client_event_id'])).toContain(asked[2]);
  const errors = reader.messages.filter(({ type }) => type === 'error');
  expect(errors.map(({ code }) => code)).toEqual(asked.map(() => 'invalid_request'));
  expect([controller.isOpen(), reader.isOpen(), services.registry.list().length]).toEqual([true, true, 1]);
});

test('a new controller replaces the one before it, and readers stay', async () => {
  const services = connectionServices();
  const hosted = await hostSession(services);
  const reader = await join(services, hosted, 'reader');
  const first = await join(services, hosted, 'controller');
  const closed = once(first.client, 'close');
  const second = await join(services, hosted, 'controller');
  expect((await closed)[0]).toBe(4001);
  expect([reader.isOpen(), second.isOpen()]).toEqual([true, true]);
});

test('everybody who follows a session is told of its end', async () => {
  const services = connectionServices();
  const hosted = await hostSession(services);
  const both = [await join(services, hosted, 'controller'), await join(services, hosted, 'reader')];
  const closed = Promise.all(both.map(async ({ client }) => (await once(client, 'close')) as [number]));
  await services.registry.close(hosted.session.id, 'client_request');
  expect((await closed).map(([code]) => code)).toEqual([1000, 1000]);
  for (const { types, served } of both) {
    expect(types()).toEqual(['session.opened', 'session.closed']);
    await served;
  }
});

test('a reader that leaves changes nothing', async () => {
  const services = connectionServices();
  const hosted = await hostSession(services);
  const controller = await join(services, hosted, 'controller');
  const reader = await join(services, hosted, 'reader');
  await expect.poll(() => hosted.session.log.readers).toBe(2);
  reader.client.terminate();
  await reader.served;
  expect([hosted.session.log.readers, controller.isOpen()]).toEqual([1, true]);
});
