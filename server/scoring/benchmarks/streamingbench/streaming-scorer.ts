import type { PlainScorer, ScoringRequest } from '../../benchmark.js';
import { openPredictions } from '../../data/read-predictions.js';
import { readFirstReplies, type FirstReply } from '../first-replies.js';
import { beginsWithGold, scoreChoices, statesGold, type ChoiceCase } from '../multiple-choice.js';
import { missingIn } from '../common-rules.js';
import { isOutputRight, scoreProactiveOutput, type ProactiveOutputCase } from './proactive-output.js';
import type { StreamingRules } from './rules.js';
import { readStreamingAnnotations, type StreamingQuestion } from './streaming-annotations.js';
import { streamingReport } from './streaming-report.js';

/** Reads the questions of StreamingBench, and scores the first reply to each. */
export async function openStreamingBench(request: ScoringRequest<StreamingRules>): Promise<PlainScorer> {
  const { annotations, mode, unknown, rules } = request;
  const { tolerance } = rules;
  const options = { mode, unknown, missing: missingIn(mode, rules.missing), tolerance };
  const isRight = mode === 'compat' ? beginsWithGold : statesGold;
  const gold = await readStreamingAnnotations(annotations, mode);
  return {
    type: 'plain',
    gold,
    score: async (predictions) => {
      const source = openPredictions(predictions, { frames: false });
      const { replies, counts } = await readFirstReplies(source, gold, options);
      const asked = [...gold].flatMap(([id, question]): Answered[] => {
        const reply = replies.get(id);
        return reply === undefined ? [] : [answeredBy(id, question, reply)];
      });
      const choices = asked.flatMap((one) => (one.type === 'choice' ? [one.choice] : []));
      const outputs = asked.flatMap((one) => (one.type === 'output' ? [one.output] : []));
      const examples = asked.map((one) => {
        const right = one.type === 'choice' ? isRight(one.choice) : isOutputRight(one.output, tolerance);
        return { id: one.id, value: right ? 1 : 0, tags: { task: one.task } };
      });
      const scores = {
        choices: scoreChoices(choices, isRight),
        outputs: scoreProactiveOutput(outputs, tolerance),
      };
      return streamingReport({ ...scores, examples, counts }, options);
    },
  };
}

/** A question with the first reply to it. */
type Answered = { readonly id: string; readonly task: string } & (
  | { readonly type: 'choice'; readonly choice: ChoiceCase }
  | { readonly type: 'output'; readonly output: ProactiveOutputCase }
);

function answeredBy(id: string, question: StreamingQuestion, reply: FirstReply | null): Answered {
  const { task } = question;
  if (question.type === 'choice') {
    const { gold, options } = question;
    return { id, task, type: 'choice', choice: { task, gold, options, reply: reply?.text ?? null } };
  }
  const { dueTime, requiredText } = question;
  return { id, task, type: 'output', output: { dueTime, requiredText, output: reply } };
}
