import { compile } from 'json-schema-to-typescript';
import ts from 'typescript';
import { protocolJsonSchema } from '../../server/protocol/published/json-schema.js';

/** TypeScript with a type for each message of the protocol, in place of `client/sdk/protocol.ts`. */
export async function protocolTypes(): Promise<string> {
  const { $schema, $defs } = protocolJsonSchema();
  const both = { oneOf: [{ $ref: '#/$defs/ClientMessage' }, { $ref: '#/$defs/ServerMessage' }] };
  const text = await compile({ $schema, $defs, ...both } as object, 'AnyMessage', {
    bannerComment: '/** The messages of the protocol, written out from the schemas that check them. */',
    additionalProperties: false,
    // Otherwise a list of at least one is a tuple.
    ignoreMinAndMaxItems: true,
    format: false,
  });
  return withReadonlyLists(`${text}\nexport type WireSource = Source;\n`);
}

/** Lists are read-only, as in the schemas: programs may pass constants. */
function withReadonlyLists(text: string): string {
  const file = ts.createSourceFile('protocol.ts', text, ts.ScriptTarget.Latest, true);
  const { transformed } = ts.transform(file, [
    (context) => (root) => {
      const visit = (node: ts.Node): ts.Node => {
        const visited = ts.visitEachChild(node, visit, context);
        if (!ts.isArrayTypeNode(visited)) return visited;
        return ts.factory.createTypeOperatorNode(ts.SyntaxKind.ReadonlyKeyword, visited);
      };
      return ts.visitEachChild(root, visit, context);
    },
  ]);
  return ts.createPrinter().printFile(transformed[0] ?? file);
}
