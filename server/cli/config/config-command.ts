import { Command } from 'commander';
import { addModelOptions, addServerOptions, configOf } from '../flags/config-flags.js';

/** `duet config`: prints the effective configuration. */
export function configCommand(): Command {
  const command = new Command('config')
    .description('print the effective configuration: flags over DUET_* variables over duet.config.json')
    .addHelpText('after', '\nExample:\n  DUET_PORT=9000 duet config --workers 2');
  return addServerOptions(addModelOptions(command, 'several')).action(
    async (flags: Record<string, unknown>) => {
      const config = await configOf(flags);
      const shown = { ...config, webhookSecret: config.webhookSecret === '' ? '' : '(set)' };
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    },
  );
}
