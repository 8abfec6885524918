#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { packageFolder } from '../config.js';
import { describeFailure, oneLine } from './exit-code.js';
import { letReadersLeave } from './quiet-pipes.js';

const manifest = z.object({ version: z.string(), description: z.string() });

/** Every command, in the order of the help. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve-command.js')).serveCommand(),
  watch: async () => (await import('./watch-command.js')).watchCommand(),
  model: async () => (await import('./model-command.js')).modelCommand(),
  bench: async () => (await import('./bench-command.js')).benchCommand(),
  score: async () => (await import('./score-command.js')).scoreCommand(),
  judge: async () => (await import('./judge-command.js')).judgeCommand(),
  compare: async () => (await import('./compare-command.js')).compareCommand(),
  config: async () => (await import('./config-command.js')).configCommand(),
};

/** The program. Only the command that was typed is loaded, so that a server does not wait for the libraries of a benchmark. */
async function duetCommand(typed: string | undefined): Promise<Command> {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  const { version, description } = manifest.parse(JSON.parse(text));
  const program = new Command('duet').description(description).version(version);
  const names = typed !== undefined && Object.hasOwn(commands, typed) ? [typed] : Object.keys(commands);
  for (const name of names) {
    const command = await commands[name]?.();
    if (command !== undefined) program.addCommand(command);
  }
  program.addHelpText('after', '\nExamples:\n  duet watch\n  duet serve');
  everyCommand(program, (command) => {
    command.exitOverride().showSuggestionAfterError();
    command.configureOutput({
      outputError: (message, write) => {
        write(usageError(message));
      },
    });
  });
  return program;
}

function everyCommand(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) everyCommand(child, change);
}

function usageError(message: string): string {
  return `duet: ${oneLine(message).replace(/^error: /, '')}\n`;
}

letReadersLeave();
try {
  await (await duetCommand(process.argv[2])).parseAsync();
} catch (thrown) {
  const { exitCode, line } = describeFailure(thrown);
  if (line !== null) process.stderr.write(`${line}\n`);
  process.exitCode = exitCode;
}
