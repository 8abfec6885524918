#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { packageFolder } from '../config.js';
import { benchCommand } from './bench-command.js';
import { compareCommand } from './compare-command.js';
import { configCommand } from './config-command.js';
import { describeFailure, oneLine } from './exit-code.js';
import { judgeCommand } from './judge-command.js';
import { modelCommand } from './model-command.js';
import { scoreCommand } from './score-command.js';
import { serveCommand } from './serve-command.js';
import { watchCommand } from './watch-command.js';

const manifest = z.object({ version: z.string(), description: z.string() });

function duetCommand(): Command {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  const { version, description } = manifest.parse(JSON.parse(text));
  const program = new Command('duet').description(description).version(version);
  const commands = [
    serveCommand(),
    watchCommand(),
    modelCommand(),
    scoreCommand(),
    judgeCommand(),
    benchCommand(),
    compareCommand(),
    configCommand(),
  ];
  for (const command of commands) program.addCommand(command);
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

try {
  await duetCommand().parseAsync();
} catch (thrown) {
  const { exitCode, line } = describeFailure(thrown);
  if (line !== null) process.stderr.write(`${line}\n`);
  process.exitCode = exitCode;
}
