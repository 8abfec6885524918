import { messageSchemas, type JsonSchema } from './json-schema.js';
import { maxMessageBytes, socketPath, subprotocol } from '../limits.js';

/** The WebSocket as AsyncAPI 3.0, from the same schemas that check its messages. */
export function asyncApiDocument(): JsonSchema {
  const { messages, shared } = messageSchemas({ target: 'draft-7', place: '#/components/schemas/' });
  const named = Object.fromEntries(messages.map(({ name, schema }) => [name, schema]));
  const described = messages.map(({ name, type, schema: { description } }) => {
    const payload = { $ref: `#/components/schemas/${name}` };
    return [name, { name: type, title: type, summary: description, payload }] as const;
  });
  const from = (sender: 'client' | 'server'): string[] =>
    messages.filter((message) => message.sender === sender).map(({ name }) => name);
  return {
    asyncapi: '3.0.0',
    info: {
      title: subprotocol,
      version: '1.0.0',
      description: 'One connection carries one session: a video, what the user types, what the model says.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      duet: {
        address: socketPath,
        description: `A WebSocket of the subprotocol ${subprotocol}`,
        messages: refs([...described.map(([name]) => name), 'Binary'], '#/components/messages/'),
        bindings: { ws: { method: 'GET' } },
      },
    },
    operations: {
      receive: { action: 'receive', ...operation([...from('client'), 'Binary'], 'What a client may send') },
      send: { action: 'send', ...operation(from('server'), 'What the server may send') },
    },
    components: {
      messages: { ...Object.fromEntries(described), Binary: binary },
      schemas: { ...named, ...shared },
    },
  };
}

/** Pictures and containers are pushed in binary messages. */
const binary = {
  name: 'binary',
  title: 'A picture, or bytes of a container',
  summary: `16 bytes of header and then the picture, at most ${maxMessageBytes} bytes together; see PROTOCOL.md`,
  contentType: 'application/octet-stream',
  payload: { type: 'string', format: 'binary' },
};

function operation(names: readonly string[], summary: string): JsonSchema {
  const messages = names.map((name) => ({ $ref: `#/channels/duet/messages/${name}` }));
  return { summary, channel: { $ref: '#/channels/duet' }, messages };
}

function refs(names: readonly string[], place: string): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, { $ref: place + name }]));
}
