import { describe, expect, test } from 'vitest';
import { drawCurve } from '../../models/figures/curve/draw-curve.js';
import { linearTicks, rootScale, rootTicks } from '../../models/figures/curve/scales.js';
import { element, text } from '../../models/figures/curve/svg.js';
import type { AnsweringFigures, VariantFigures } from '../../models/figures/figures.js';

function answering(turns: number, score: number): VariantFigures {
  const rest = { in_span_range: null, questions: 1, gold_answers: 1, distinct_turns_per_gold: turns };
  const repeats = { duplicate_ratio: 0, gold_duplicate_ratio: 0, told_again_ratio: 0 };
  const others = { ...repeats, out_of_span_ratio: 0, recall: 1, first_reply_latency: 1 };
  const figures: AnsweringFigures = {
    ...{ ...rest, ...others, unanswerable: 0, kept_silent: null },
    ...{ in_span: score, turns_per_gold: turns },
  };
  return {
    answering: figures,
    proactive: { pauc: score / 10, pauc_by_question: null, pauc_by_question_range: null, omega: 0.5 },
  };
}

const figures = {
  silence: { in_span: 1, pauc: 0.25 },
  variants: { model: answering(1.5, 2.4), 'every-frame': answering(21, 1.2), black: answering(0, 1) },
  threshold_curve: {
    policy: 'threshold',
    recommended: 0.3,
    points: [
      { threshold: 0.1, turns_per_gold: 9, in_span: 2, pauc: 0.3 },
      { threshold: 0.3, turns_per_gold: 1.5, in_span: 2.4, pauc: 0.24 },
      { threshold: 0.9, turns_per_gold: 0, in_span: 1, pauc: null },
    ],
  },
};

describe('the threshold curve', () => {
  const svg = drawCurve(figures);

  test('has a dot for every threshold in each panel, but for those without a score', () => {
    expect(svg.match(/class="dot"/g)).toHaveLength(5);
  });

  test('marks every variant that was played, and silence, in both panels and the legend', () => {
    expect(svg.match(/class="mark/g)).toHaveLength(4 * 3);
    for (const name of ['recommended threshold', 'every frame', 'black frames', 'silence'])
      expect(svg).toContain(`>${name}</text>`);
    expect(svg).not.toContain('uniform times');
  });

  test('is one element without references, drawn within its box and without holes', () => {
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>.*<\/svg>\n$/s);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|href/);
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    const places = [...svg.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(places.length).toBeGreaterThan(20);
    for (const [x = -1, y = -1] of places) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(Number(width));
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(Number(height));
    }
  });

  test('can be read on a dark page too', () => {
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  test('is drawn without a curve for a model that has no threshold', () => {
    const marksOnly = drawCurve({ ...figures, threshold_curve: null });
    expect(marksOnly).not.toContain('class="dot"');
    expect(marksOnly).not.toMatch(/NaN|Infinity/);
  });
});

test('what is written into SVG cannot leave its place', () => {
  expect(text('<b> & "c"', { x: 1.23456 })).toBe('<text x="1.23">&lt;b&gt; &amp; &quot;c&quot;</text>');
  expect(element('path', { d: '"/><script>' })).toBe('<path d="&quot;/&gt;&lt;script&gt;"/>');
});

test.each([
  [1, 5, [1, 2, 3, 4, 5]],
  [0.21, 0.33, [0.22, 0.24, 0.26, 0.28, 0.3, 0.32]],
  [0.92, 2.61, [1, 1.5, 2, 2.5]],
])('from %d to %d the ticks are %j', (from, to, ticks) => {
  expect(linearTicks(from, to)).toEqual(ticks);
});

test('a root scale keeps its ends, has room for what is small, and ticks at squares', () => {
  const scale = rootScale(16, [100, 200]);
  expect([0, 1, 4, 16].map(scale)).toEqual([100, 125, 150, 200]);
  expect(rootTicks(16)).toEqual([0, 1, 4, 9, 16]);
  expect(rootTicks(1)).toEqual([0, 0.25, 1]);
  expect(rootTicks(100)).toEqual([0, 4, 16, 36, 64, 100]);
});
