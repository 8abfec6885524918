import { z } from 'zod';
import { clientMessageSchema, sourceSchema } from './client-messages.js';
import { messageMeanings } from './message-meanings.js';
import { serverMessageSchema } from './server-messages.js';
import {
  liveSettingsPatchSchema,
  liveSettingsSchema,
  sessionSettingsPatchSchema,
  sessionSettingsSchema,
} from './settings.js';

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
type JsonSchema = Readonly<Record<string, unknown>>;

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
function messageSchemas(style: SchemaStyle): {
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
  { io, target, place }: SchemaStyle & { readonly io: 'input' | 'output' },
  shared: Readonly<Record<string, z.ZodType>>,
): { messages: Omit<MessageSchema, 'sender'>[]; shared: Record<string, JsonSchema> } {
  const registry = z.registry<{ id: string }>();
  const messages = options.map((option) => ({ option, name: nameOf(option.shape.type.value) }));
  for (const { option, name } of messages) registry.add(option, { id: name });
  for (const [name, schema] of Object.entries(shared)) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, { io, target, uri: (name) => place + name });
  const plain = (name: string): JsonSchema => {
    const entries = Object.entries(schemas[name] ?? {});
    return Object.fromEntries(entries.filter(([key]) => key !== '$schema' && key !== '$id'));
  };
  return {
    messages: messages.map(({ option, name }) => {
      const type = option.shape.type.value;
      return { type, name, schema: { description: messageMeanings[type], ...plain(name) } };
    }),
    shared: Object.fromEntries(Object.keys(shared).map((name) => [name, plain(name)])),
  };
}

/** `session.open` is SessionOpen; Error would be that of JavaScript. */
function nameOf(type: string): string {
  if (type === 'error') return 'ErrorMessage';
  const words = type.split(/[._]/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
