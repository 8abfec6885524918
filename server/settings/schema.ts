import type { SnakeCase } from 'type-fest';
import { z } from 'zod';
import { policyNames, policyTable, type PolicyName, type PolicyNumber } from './policies.js';
import { settingTable, type SessionSettings, type SettingName } from './session-settings.js';
import type { Choices, NumberRange, Setting } from './setting.js';
import { wireName, type WireSessionSettings } from './wire-name.js';

/** The schema of every setting, under its name inside the server. */
export const settingSchemas = schemasOf((name) => name) as {
  readonly [Name in SettingName]: z.ZodType<SessionSettings[Name]>;
};

/** The schema of every setting, under its name on the wire. */
export const wireSettingSchemas = schemasOf(wireName) as {
  readonly [Name in SettingName as SnakeCase<Name>]: z.ZodType<WireSessionSettings[SnakeCase<Name>]>;
};

/** Text written by a person: not empty, and not too long. */
export function personText(maxBytes: number): z.ZodType<string> {
  const encoder = new TextEncoder();
  return z
    .string()
    .min(1)
    .refine((text) => encoder.encode(text).byteLength <= maxBytes, {
      error: `Text is longer than ${maxBytes} bytes of UTF-8: send less`,
    });
}

/** Turns a server-side name into the name a schema expects. */
type Naming = (name: string) => string;

function schemasOf(naming: Naming): Readonly<Record<string, z.ZodType>> {
  const entries = Object.entries<Setting>(settingTable);
  return Object.fromEntries(
    entries.map(([name, setting]) => [naming(name), schemaOf(setting, naming).describe(setting.help)]),
  );
}

function schemaOf(setting: Setting, naming: Naming): z.ZodType {
  switch (setting.kind) {
    case 'number':
    case 'whole':
      return numberSchema(setting);
    case 'choice':
      return z.enum(Object.keys(setting.choices));
    case 'several':
      return severalSchema(setting.choices);
    case 'text':
      return personText(setting.maxBytes);
    case 'policy':
      return policySchema(naming);
    default:
      return setting satisfies never;
  }
}

function numberSchema(number: NumberRange & { readonly kind: 'number' | 'whole' }): z.ZodType<number> {
  const type = number.kind === 'whole' ? z.int() : z.number();
  return ('above' in number ? type.gt(number.above) : type.min(number.from)).max(number.to);
}

function severalSchema(choices: Choices): z.ZodType {
  const words = Object.keys(choices);
  return z
    .array(z.enum(words))
    .min(1)
    .max(words.length)
    .refine((given) => new Set(given).size === given.length, 'a head is named twice')
    .readonly();
}

function policySchema(naming: Naming): z.ZodType {
  const of = (type: PolicyName) => {
    const numbers = Object.entries<PolicyNumber>(policyTable[type].numbers);
    const shape = numbers.map(([name, number]) => [naming(name), numberSchema(number)] as const);
    return z.strictObject({ type: z.literal(type), ...Object.fromEntries(shape) });
  };
  const [first, ...others] = policyNames;
  return z.discriminatedUnion('type', [of(first), ...others.map(of)]);
}
