import { format, resolveConfig } from 'prettier';
import { policyTable, type PolicyNumber } from '../../server/settings/policies.js';
import { settingTable } from '../../server/settings/session-settings.js';
import type { NumberRange, Setting } from '../../server/settings/setting.js';
import { wireName } from '../../server/settings/wire-name.js';

/** The tables of the protocol's document about settings and policies, as Markdown. */
export async function settingsTables(): Promise<string> {
  const settings = table(
    ['setting', 'values', 'default', 'live', 'meaning'],
    Object.entries<Setting>(settingTable).map(([name, setting]) => [
      `\`${wireName(name)}\``,
      valuesOf(setting),
      'default' in setting ? `\`${JSON.stringify(setting.default)}\`` : "the model's",
      setting.live ? 'yes' : 'no',
      setting.help,
    ]),
  );
  const policies = table(
    ['policy', 'numbers', 'speaks'],
    Object.entries(policyTable).map(([name, { numbers, help }]) => [
      `\`${name}\``,
      Object.entries<PolicyNumber>(numbers)
        .map(([number, range]) => `\`${wireName(number)}\` ${rangeText(range)}`)
        .join(', '),
      help,
    ]),
  );
  const style = await resolveConfig('server/protocol/PROTOCOL.md');
  return format(`${settings}\n\n${policies}\n`, { ...style, parser: 'markdown' });
}

function valuesOf(setting: Setting): string {
  switch (setting.kind) {
    case 'number':
    case 'whole': {
      const unit = setting.unit === undefined ? '' : ` ${setting.unit}`;
      return `${setting.kind === 'whole' ? 'whole, ' : ''}${rangeText(setting)}${unit}`;
    }
    case 'choice':
      return wordsOf(setting.choices).join(' or ');
    case 'several':
      return `list of ${wordsOf(setting.choices).join(', ')}`;
    case 'text':
      return `1 to ${setting.maxBytes} bytes of UTF-8`;
    case 'policy':
      return 'a policy, see below';
    default:
      return setting satisfies never;
  }
}

function rangeText(range: NumberRange): string {
  return 'above' in range ? `above ${range.above}, up to ${range.to}` : `${range.from} to ${range.to}`;
}

function wordsOf(choices: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(choices).map((word) => `\`${word}\``);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
