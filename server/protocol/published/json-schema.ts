import { z } from 'zod';
import { clientMessageSchema, sourceSchema } from '../client-messages.js';
import { messageMeanings } from './message-meanings.js';
import { serverMessageSchema } from '../server-messages.js';
import {
  liveSettingsPatchSchema,
  liveSettingsSchema,
  sessionSettingsPatchSchema,
  sessionSettingsSchema,
} from '../settings.js';

/** JSON Schema (draft 2020-12) of both directions, derived from the same schemas that check the messages. */
export function protocolJsonSchema(): ProtocolJsonSchema {
  const { messages, shared } = messageSchemas({ target: 'draft-2020-12', place: '#/$defs/' });
  const named = Object.fromEntries(messages.map(({ name, schema }) => [name, schema]));
  const oneOf = (sender: MessageSchema['sender']): JsonSchema => ({
    oneOf: messages.filter((each) => each.sender === sender).map(({ name }) => ({ $ref: `#/$defs/${name}` })),
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'duet.v1',
    description: 'JSON messages of the Duet WebSocket protocol',
    $defs: { ClientMessage: oneOf('client'), ServerMessage: oneOf('server'), ...named, ...shared },
  };
}

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** All messages under their names, and each direction as one of them. */
interface ProtocolJsonSchema extends JsonSchema {
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}

/** A message of the protocol. */
interface MessageSchema {
  readonly sender: 'client' | 'server';
  readonly type: keyof typeof messageMeanings;
  /** As in `SourceOpened`. */
  readonly name: string;
  readonly schema: JsonSchema;
}

/** How the schemas are written. */
interface SchemaStyle {
  readonly target: 'draft-2020-12' | 'draft-7';
  /** Where the schemas will lie: a reference is this and the name. */
  readonly place: string;
}

/** The schema of every message, and of what several of them share by its name. */
export function messageSchemas(style: SchemaStyle): {
  readonly messages: readonly MessageSchema[];
  readonly shared: Readonly<Record<string, JsonSchema>>;
} {
  const fromClients = schemasOf(clientMessageSchema.options, { io: 'input', ...style }, inClientMessages);
  const fromServer = schemasOf(serverMessageSchema.options, { io: 'output', ...style }, inServerMessages);
  return {
    messages: [
      ...fromClients.messages.map((message) => ({ sender: 'client' as const, ...message })),
      ...fromServer.messages.map((message) => ({ sender: 'server' as const, ...message })),
    ],
    shared: { ...fromClients.shared, ...fromServer.shared },
  };
}

const inClientMessages = {
  LiveSettingsPatch: liveSettingsPatchSchema,
  SessionSettingsPatch: sessionSettingsPatchSchema,
  Source: sourceSchema,
};

const inServerMessages = { LiveSettings: liveSettingsSchema, SessionSettings: sessionSettingsSchema };

type MessageOption = z.ZodObject<{ type: z.ZodLiteral<keyof typeof messageMeanings> }>;

function schemasOf(
  options: readonly MessageOption[],
  style: NamingStyle,
  shared: Readonly<Record<string, z.ZodType>>,
): { messages: Omit<MessageSchema, 'sender'>[]; shared: Record<string, JsonSchema> } {
  const named = options.map((option) => [nameOf(option.shape.type.value), option] as const);
  const schemas = namedSchemas({ ...shared, ...Object.fromEntries(named) }, style);
  return {
    messages: named.map(([name, option]) => {
      const type = option.shape.type.value;
      return { type, name, schema: { description: messageMeanings[type], ...schemas[name] } };
    }),
    shared: Object.fromEntries(Object.keys(shared).map((name) => [name, schemas[name] ?? {}])),
  };
}

/** JSON Schemas that refer to each other by their names. */
export function namedSchemas(
  named: Readonly<Record<string, z.ZodType>>,
  { io, target, place }: NamingStyle,
): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, target, uri: (name) => place + name });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, plainSchema(schema)]));
}

/** A schema as a part of a document, which says itself where it is and of which dialect. */
export function plainSchema(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}

/** Which side of the schemas is written, and how. */
interface NamingStyle extends SchemaStyle {
  readonly io: 'input' | 'output';
}

/** `session.open` is SessionOpen; Error would be that of JavaScript. */
function nameOf(type: string): string {
  if (type === 'error') return 'ErrorMessage';
  const words = type.split(/[._]/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
