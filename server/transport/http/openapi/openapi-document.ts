import { z } from 'zod';
import { httpAnswers } from '../../../protocol/published/http-answers.js';
import { namedSchemas, plainSchema, type JsonSchema } from '../../../protocol/published/json-schema.js';
import { describedRoutes, type DescribedRoute } from './described-routes.js';

const place = '#/components/schemas/';

/**
 * The HTTP side as OpenAPI 3.1, from the same schemas that check its parameters, and its answers in tests.
 */
export function openApiDocument(): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of describedRoutes()) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Duet',
      version: '1.0.0',
      description: 'A video and a conversation that play together. The WebSocket is in /v1/asyncapi.json.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: namedSchemas(httpAnswers, { io: 'output', target: 'draft-2020-12', place }) },
  };
}

function operationOf({ method, path, summary, ...route }: DescribedRoute): JsonSchema {
  const answers = Object.entries(route.answers).map(
    ([status, bodies]) => [status, answerOf(bodies)] as const,
  );
  return {
    operationId: `${method}_${path.replaceAll(/\W+/g, '_').replaceAll(/^_|_$/g, '')}`,
    summary,
    parameters: [...namesOf(route.names ?? {}), ...parametersOf(route.query)],
    ...(route.files === undefined ? {} : { requestBody: formOf(route.files) }),
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: 'What is wrong',
        content: content({ 'application/json': { schema: 'Error' } }),
      },
    },
  };
}

type Bodies = DescribedRoute['answers'][number];

function answerOf(bodies: Bodies): JsonSchema {
  const texts = Object.values(bodies).filter((body) => typeof body === 'string');
  const description = texts.join('; ') || 'As asked';
  return Object.keys(bodies).length === 0
    ? { description: 'Nothing' }
    : { description, content: content(bodies) };
}

function content(bodies: Bodies): JsonSchema {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, body]): [string, JsonSchema] => {
      if (typeof body !== 'string') return [type, { schema: { $ref: place + body.schema } }];
      return [type, /^(image|video)\//.test(type) ? {} : { schema: { type: 'string' } }];
    }),
  );
}

function namesOf(names: Readonly<Record<string, string>>): readonly JsonSchema[] {
  return Object.entries(names).map(([name, description]) => {
    return { name, in: 'path', required: true, description, schema: { type: 'string' } };
  });
}

function parametersOf(query: z.ZodObject | undefined): readonly JsonSchema[] {
  return Object.entries(query?.shape ?? {}).map(([name, type]) => {
    return { name, in: 'query', schema: plainSchema(z.toJSONSchema(type, { io: 'input' })) };
  });
}

function formOf(files: Readonly<Record<string, string>>): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(files).map(([name, description]) => [
      name,
      { type: 'string', format: 'binary', description },
    ]),
  );
  const schema = { type: 'object', properties, required: Object.keys(files) };
  return { required: true, content: { 'multipart/form-data': { schema } } };
}
