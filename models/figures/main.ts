import { describeFailure } from '../../server/cli/terminal/exit-code.js';
import { askedToEndBy, untilInterrupted } from '../../server/cli/terminal/interruption.js';
import { figuresCommand, type FiguresFlags } from './flags.js';
import { makeFigures } from './make-figures.js';

try {
  const command = figuresCommand().exitOverride().parse();
  await untilInterrupted((signal) => makeFigures(command.opts<FiguresFlags>(), signal));
} catch (thrown) {
  const { exitCode, line } = describeFailure(thrown, askedToEndBy());
  if (line !== null) process.stderr.write(`${line}\n`);
  process.exitCode = exitCode;
}
