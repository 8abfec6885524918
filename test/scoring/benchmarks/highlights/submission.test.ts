import { describe, expect, test } from 'vitest';
import { scoreFiles, type Outcome } from '../../support/score-files.js';
import { temporaryFiles } from '../../support/temporary-files.js';

const gold = [
  '{"qid":1,"query":"x","duration":10,"vid":"a","relevant_clip_ids":[2,3],"relevant_windows":[[4,8]],"saliency_scores":[[4,4,4],[2,3,1]]}',
  '{"qid":2,"query":"y","duration":6,"vid":"b","relevant_clip_ids":[0],"relevant_windows":[[0,2]],"saliency_scores":[[4,0,4]]}',
].join('\n');

async function score(lines: readonly string[], ...flags: string[]): Promise<Outcome> {
  using files = temporaryFiles();
  const paths = [
    '--gold',
    files.write('gold.jsonl', gold),
    '--pred',
    files.write('pred.jsonl', lines.join('\n')),
  ];
  return await scoreFiles('highlight', [...paths, ...flags]);
}

const right = [
  '{"qid":1,"query":"x","vid":"a","pred_relevant_windows":[[4,8,0.9]],"pred_saliency_scores":[0.1,0.2,0.9,0.8,0.1]}',
  '{"qid":2,"pred_saliency_scores":[0.5,-0.5]}',
];

describe.each(['strict', 'compat'])("QVHighlights' own submission format in %s mode", (mode) => {
  test('is scored by the scores of its clips, unsmoothed', async () => {
    expect(await score(right, '--mode', mode)).toMatchObject({
      report: {
        windows: {
          0: {
            'HL-min-VeryGood-Hit1': 100,
            'HL-min-VeryGood-mAP': expect.closeTo(mode === 'compat' ? 83.33 : 250 / 3, 9) as number,
          },
        },
        counts: { n_scored: 2, n_missing: 0 },
      },
    });
  });

  test('is refused, naming the field, without scores of clips', async () => {
    const moments = '{"qid":1,"pred_relevant_windows":[[4,8,0.9]]}';
    expect(await score([moments], '--mode', mode)).toMatchObject({
      type: 'refused',
      message: expect.stringMatching(
        /pred\.jsonl:1: field pred_saliency_scores: expected a list of numbers, one for/,
      ) as string,
    });
    const nan = '{"qid":1,"pred_saliency_scores":[NaN,1]}';
    expect(await score([nan], '--mode', mode)).toMatchObject({
      message: expect.stringMatching(/pred\.jsonl:1: field pred_saliency_scores\[0\]: /) as string,
    });
  });

  test('is not mixed with scores of frames', async () => {
    const frames =
      '{"question_id":2,"model_response_list":[],"debug_data":[{"time":0,"relevance_score":1},{"time":1,"relevance_score":0}]}';
    expect(await score([right[0] ?? '', frames], '--mode', mode)).toMatchObject({
      message: expect.stringContaining(
        'pred.jsonl:2: mixes scores of frames with text answers or scores of clips',
      ) as string,
    });
  });
});
