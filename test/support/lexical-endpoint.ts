import { z } from 'zod';
import { lexicalRating } from '../../server/scoring/judges/kinds/lexical.js';
import { askedIn, type Answer, type Behaviour } from './fake-judge-endpoint.js';

/** An endpoint's model that rates by shared words, out of the fields as they are shown to it. */
export const ratesByWords: Behaviour = (request): Answer => {
  const fields = askedIn(request)
    .split('\n')
    .map((line) => z.string().parse(JSON.parse(line.slice(line.indexOf(':') + 1))));
  const [question = '', gold = '', prediction = ''] = fields;
  const coverage = request.messages[0]?.content.includes('1, 2 or 3.') === true;
  const rating = lexicalRating({ question, gold, prediction }, coverage ? 'coverage' : 'agreement');
  return { type: 'reply', text: String(rating) };
};
