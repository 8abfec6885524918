import { DuetError } from '../../../errors.js';
import type { Question } from '../../data/question.js';

/** The commonest gold answer, compared exactly; the one met first of equals. Throws 'invalid_request' where there is none. */
export function majorityAnswer(questions: readonly Question[]): string {
  const counts = new Map<string, number>();
  for (const { content } of questions.flatMap(({ gold }) => gold)) {
    counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  for (const [content, count] of counts) if (count === most) return content;
  throw new DuetError(
    'invalid_request',
    '--baseline majority needs gold answers to count, and the annotations hold none',
  );
}
