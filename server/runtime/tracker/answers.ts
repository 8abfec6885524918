import type { Association } from '../detector/association.js';
import { topClass } from '../detector/detection.js';
import { thirdOf, presentIn } from '../detector/happened.js';
import type { TrackerQuestion } from './questions.js';
import { countSentence, placeSentence } from './sentences.js';
import { manyOf, oneOf } from './things.js';

/** The answer to a question about now. */
export function answerTo(
  question: Exclude<TrackerQuestion, { type: 'watch' }>,
  association: Association,
): string {
  const here = presentIn(association);
  if (question.type === 'place') {
    const found = new Map<number, number>();
    for (const { box, classes } of here.filter((slot) => thirdOf(slot) === question.place)) {
      if (box.x2 <= box.x1) continue;
      const thing = topClass(classes);
      found.set(thing, (found.get(thing) ?? 0) + 1);
    }
    return placeSentence(question.place, found);
  }
  const { things } = question;
  const counts = things.map((thing) => here.filter(({ classes }) => topClass(classes) === thing).length);
  const most = counts.reduce((best, count, index) => (count > (counts[best] ?? 0) ? index : best), 0);
  const [thing, count] = [things[most] ?? 0, counts[most] ?? 0];
  if (question.type === 'count') return countSentence(thing, count);
  if (count === 0) return `No, there is no ${oneOf(thing).replace(/^an? /, '')}.`;
  return count === 1 ? `Yes, there is ${oneOf(thing)}.` : `Yes, there are ${manyOf(thing)}.`;
}
