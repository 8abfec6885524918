#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { packageFolder } from '../package-folder.js';
import { describeFailure, oneLine } from './terminal/exit-code.js';
import { ignoreClosedPipes } from './terminal/closed-pipes.js';
import { askedToEndBy } from './terminal/interruption.js';

const manifest = z.object({ version: z.string(), description: z.string() });

interface LazyCommand {
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help. */
const commands: Readonly<Record<string, LazyCommand>> = {
  serve: {
    description: 'serve the page and the duet WebSocket until Ctrl-C',
    load: async () => (await import('./serve/serve-command.js')).serveCommand(),
  },
  mcp: {
    description: 'let an assistant watch videos: Model Context Protocol on standard input and output',
    load: async () => (await import('./mcp/mcp-command.js')).mcpCommand(),
  },
  watch: {
    description: 'watch a video and print what the model says, when it says it',
    load: async () => (await import('./watch/watch-command.js')).watchCommand(),
  },
  caption: {
    description: 'write the captions of videos to files: subtitles, tables, JSON',
    load: async () => (await import('./caption/caption-command.js')).captionCommand(),
  },
  replay: {
    description: 'play a recorded session back without its model, under the same or other settings',
    load: async () => (await import('./replay/replay-command.js')).replayCommand(),
  },
  send: {
    description: 'send what a running session says to OBS or to YouTube, as captions',
    load: async () => (await import('./send/send-command.js')).sendCommand(),
  },
  model: {
    description: 'build, inspect and list duet models',
    load: async () => (await import('./model/model-command.js')).modelCommand(),
  },
  bench: {
    description: 'run a benchmark: videos to predictions to scores',
    load: async () => (await import('./bench/bench-command.js')).benchCommand(),
  },
  score: {
    description: 'score a file of predictions against annotations',
    load: async () => (await import('./score/score-command.js')).scoreCommand(),
  },
  judge: {
    description: 'rate a file of predictions with a judge, and carry on where it stopped',
    load: async () => (await import('./judge/judge-command.js')).judgeCommand(),
  },
  compare: {
    description: 'compare the reports of two or more runs, example by example',
    load: async () => (await import('./compare/compare-command.js')).compareCommand(),
  },
  config: {
    description: 'print the effective configuration: flags over DUET_* variables over duet.config.json',
    load: async () => (await import('./config/config-command.js')).configCommand(),
  },
};

/** The program. Only the typed command is loaded; the others are stubs with a description for the help. */
async function duetCommand([first, second]: readonly string[]): Promise<Command> {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  const { version, description } = manifest.parse(JSON.parse(text));
  const program = new Command('duet').description(description).version(version);
  const typed = first === 'help' ? second : first;
  for (const [name, { description, load }] of Object.entries(commands)) {
    program.addCommand(
      name === typed ? await load() : new Command(name).usage('[options]').description(description),
    );
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

ignoreClosedPipes();
try {
  await (await duetCommand(process.argv.slice(2))).parseAsync();
} catch (thrown) {
  const { exitCode, line } = describeFailure(thrown, askedToEndBy());
  if (line !== null) process.stderr.write(`${line}\n`);
  process.exitCode = exitCode;
}
