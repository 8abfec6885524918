import { z } from 'zod';
import { clientMessageSchema } from './client-messages.js';
import { serverMessageSchema } from './server-messages.js';

/** JSON Schema (draft 2020-12) of both directions, derived from the same schemas that check the messages. */
export function protocolJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'duet.v1',
    description: 'JSON messages of the Duet WebSocket protocol',
    $defs: {
      ClientMessage: withoutDialect(z.toJSONSchema(clientMessageSchema, { io: 'input' })),
      ServerMessage: withoutDialect(z.toJSONSchema(serverMessageSchema)),
    },
  };
}

function withoutDialect(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}
