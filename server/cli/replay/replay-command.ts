import { Command, Option } from 'commander';
import type { ReplaySummary } from '../../duet/replay/replay-session.js';
import {
  formatTranscript,
  readTranscript,
  transcriptTypes,
  type TranscriptType,
} from '../../records/transcript.js';
import { eventLine } from '../../records/wire-event.js';
import { changedSettings } from '../../settings/session-change.js';
import { addTurnOptions, type SessionFlags } from '../flags/session-flags.js';
import { untilInterrupted } from '../terminal/interruption.js';
import { Printer } from '../watch/printer.js';
import { TranscriptView } from '../watch/transcript-view.js';

interface Flags extends SessionFlags {
  readonly json?: true;
  readonly to?: TranscriptType;
  readonly user: boolean;
}

const examples = `
Under the recorded settings a replay gives the recorded decisions. Under others it shows when the assistant would
have spoken on the same scores; where the model was not asked at that frame, its words are not known.

Examples:
  duet watch kitchen --json > kitchen.jsonl
  duet replay kitchen.jsonl                          the same again, without the model
  duet replay kitchen.jsonl --threshold 0.6          what a higher threshold would have done
  duet replay records/0b0e6f0c --policy zscore --json
  duet replay records/0b0e6f0c --to srt --no-user > talk.srt`;

/** `duet replay`: a record once more, with its scores in place of a model. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('play a recorded session back without its model, under the same or other settings')
    .argument('<record>', 'folder of a recorded session, or file of events as JSON lines')
    .option('--json', 'print one event of the protocol a line, and nothing else')
    .addOption(
      new Option('--to <format>', 'print what was said as subtitles, a table or JSON').choices(
        Object.keys(transcriptTypes),
      ),
    )
    .option('--no-user', 'with --to: only what the assistant said');
  return addTurnOptions(command).addHelpText('after', examples).action(replay);
}

async function replay(path: string, flags: Flags): Promise<void> {
  const { readRecord } = await import('../../records/read-record.js');
  const { replaySession } = await import('../../duet/replay/replay-session.js');
  const { tooLongLine } = await import('../../records/recorded-lines.js');
  const { begun, events } = await readRecord(path, (file) => {
    process.stderr.write(`duet: ${tooLongLine(file)}\n`);
  });
  const printer = new Printer(process.stdout);
  const view = new TranscriptView({ terminal: false });
  const replayed = replaySession(events, {
    begun,
    change: (recorded) => changedSettings(flags, recorded.policy, recorded.heads.length),
  });
  if (flags.to !== undefined) {
    process.stdout.write(formatTranscript(await readTranscript(replayed, { user: flags.user }), flags.to));
    return;
  }
  await untilInterrupted(async (signal) => {
    for (;;) {
      const { done, value } = await replayed.next();
      if (done === true) {
        process.stderr.write(`duet: ${describe(value)}\n`);
        return;
      }
      if (signal.aborted || printer.gone.aborted) return;
      await printer.print(flags.json === true ? `${eventLine(value)}\n` : view.render(value), value.seq);
    }
  });
}

function describe(summary: ReplaySummary): string {
  const { frames, recordedReplies, replayedReplies, sameDecisions, unknownReplies } = summary;
  const decisions =
    sameDecisions === frames ? 'all decided as recorded' : `${frames - sameDecisions} decided otherwise`;
  const unknown = unknownReplies === 0 ? '' : `, ${unknownReplies} of them with words that are not known`;
  return (
    `${frames} frames, ${decisions}; the assistant spoke ${recordedReplies} times, ` +
    `and here ${replayedReplies} times${unknown}`
  );
}
