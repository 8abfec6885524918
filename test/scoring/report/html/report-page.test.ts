import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readPageAssets } from '../../../../server/scoring/report/html/page-shell.js';
import type { ExampleTimeline } from '../../../../server/scoring/report/html/report-page.js';
import { writeReportPage } from '../../../../server/scoring/report/html/write-report-page.js';
import { temporaryFiles } from '../../support/temporary-files.js';
import { goldenPage } from './golden-page.js';
import { emptyPage, plainAssets, silentExample, writtenPage } from './written-page.js';

const hostile = `</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> " ' & \u0000`;

describe('the document', () => {
  test('names no address, and its policy allows its own script and style only', async () => {
    const page = await writtenPage(await goldenPage());
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import|\ssrc=/i);
    expect(page.match(/href="[^"]*"/g)).toEqual(['href="data:,"', 'href="#examples"']);
    const hash = createHash('sha256').update(plainAssets.script).digest('base64');
    expect(page).toMatch(/<meta[^>]*Content-Security-Policy[^>]*default-src &#39;none&#39;/);
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`);
    expect(page).not.toMatch(/unsafe-(inline|eval)|\son[a-z]+=|\sstyle=/);
  });

  test('shows figures, interval, judge, counts, failures, notes and the LaTeX row', async () => {
    const text = (await writtenPage(await goldenPage())).replaceAll(/<[^>]+>|\s+/g, ' ');
    for (const part of [
      /In-span score +2\.03 +95 % interval 1\.88 to 2\.16/,
      /Judge calls +392/,
      /Unparsable replies +6/,
      /lost\.mp4: no such file/,
      /5 missing examples count as in_span 1/,
      /2\.03 &amp; 4\.11\/2\.44 \\\\/,
      /Judge +recorded:/,
      /Reply rule +stated/,
      /oracle/,
    ]) {
      expect(text).toMatch(part);
    }
  });

  test('never shows NaN or Infinity, wherever they come from', async () => {
    const nan = Number.NaN;
    const page = await writtenPage({
      ...emptyPage,
      report: {
        ...emptyPage.report,
        headline: [{ name: 'x', value: nan, digits: 2 }],
        values: { x: nan, rows: [{ threshold: Infinity, oracle: true, scores: [nan] }] },
        counts: { nOdd: nan },
        examples: [{ id: 'a', value: nan, tags: {} }],
        slices: { tag: [{ label: 'l', n: 0, mean: nan }] },
      },
      settings: { threshold: nan, deep: { value: -Infinity } },
      sweep: {
        metric: 'x',
        exact: false,
        note: null,
        points: [{ threshold: nan, score: nan, turns: nan, turnsDedup: nan, chosen: false }],
      },
      timelines: [
        {
          ...silentExample,
          value: nan,
          duration: nan,
          replies: [{ time: nan, content: '', rating: nan, deliveryTime: Infinity }],
          frames: [
            { time: nan, informative: 1, relevance: 1 },
            { time: 1, informative: nan, relevance: Infinity },
          ],
        },
      ],
    });
    expect(page).not.toMatch(/NaN|Infinity/);
    expect(page).toContain('n/a');
  });

  test('says how many examples are listed without their frames once the page is full', async () => {
    const frames = Array.from({ length: 60 }, (_, time) => ({ time, informative: 0.5, relevance: 0.5 }));
    const timelines = ['a', 'b', 'c'].map((id) => ({ ...silentExample, id, frames }));
    const page = await writtenPage({ ...emptyPage, timelines }, { frameBudget: 130 });
    expect(page).toContain('The frames of 1 examples are left out');
    expect(page).toContain('"frames":null,"nFrames":60');
    expect(page.match(/"count":60/g)).toHaveLength(2);
    expect(await writtenPage({ ...emptyPage, timelines })).not.toContain('are left out');
  });
});

describe('what strangers wrote', () => {
  const example: ExampleTimeline = {
    ...silentExample,
    id: hostile,
    video: hostile,
    conversation: [{ time: 0, content: hostile }],
    gold: [{ span: [0, 1], content: hostile }],
    replies: [{ time: 0, content: hostile, rating: null, deliveryTime: null }],
    tags: { [hostile]: hostile },
  };

  test('breaks out of nothing, in whatever field it stands', async () => {
    const page = await writtenPage({
      ...emptyPage,
      title: hostile,
      report: {
        ...emptyPage.report,
        task: hostile,
        judge: { id: hostile, comparable: false, promptHash: hostile },
        notes: [hostile],
        options: { [hostile]: hostile },
        versions: { [hostile]: hostile },
        values: { [hostile]: hostile, rows: [{ [hostile]: hostile }] },
        slices: { [hostile]: [{ label: hostile, n: 1, mean: 1 }] },
      },
      settings: { [hostile]: { [hostile]: hostile } },
      failures: [{ id: hostile, reason: hostile }],
      sweep: {
        metric: hostile,
        exact: true,
        note: hostile,
        points: [{ threshold: 1, score: 1, turns: 1, turnsDedup: 1, chosen: true }],
      },
      timelines: [example],
    });
    // One data block each for the example and the charts, and the script of the page.
    expect(page.match(/<script/gi)).toHaveLength(3);
    expect(page.match(/<\/script/gi)).toHaveLength(3);
    expect(page).not.toMatch(/<img|<!--|\u0000/);
  });

  test('comes out of the data block as it went in', async () => {
    const page = await writtenPage({ ...emptyPage, timelines: [example] });
    const [, json = ''] = /data-block="example">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(json)).toMatchObject({ id: hostile, texts: [hostile], tags: { [hostile]: hostile } });
  });

  test('a script that holds the end of a script stays whole', async () => {
    const page = await writtenPage(emptyPage, { assets: { script: 'f("</script>")', style: 'a{}' } });
    expect(page).toContain('f("\\x3c/script>")');
  });
});

describe('writing', () => {
  test('takes one example at a time, no faster than the stream', async () => {
    const asked: number[] = [];
    let written = 0;
    const timelines = (function* () {
      for (let index = 0; index < 500; index += 1) {
        asked.push(index - written);
        yield { ...silentExample, id: `example-${index}` };
      }
    })();
    const out = new Writable({
      highWaterMark: 1,
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        if (chunk.includes('"id":"example-')) written += 1;
        setImmediate(done);
      },
    });
    await writeReportPage({ ...emptyPage, timelines }, out, { assets: plainAssets });
    expect(written).toBe(500);
    expect(Math.max(...asked)).toBeLessThan(50);
    expect(out.writableEnded).toBe(false);
  });

  test('a file appears whole, and nothing is left of one that failed', async () => {
    using files = temporaryFiles();
    const file = files.write('report.html', 'before');
    const broken = (function* () {
      yield silentExample;
      throw new Error('the examples ended');
    })();
    const failing = writeReportPage({ ...emptyPage, timelines: broken }, file, { assets: plainAssets });
    await expect(failing).rejects.toThrow('the examples ended');
    expect(readFileSync(file, 'utf8')).toBe('before');
    await writeReportPage(emptyPage, file, { assets: plainAssets });
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>.*<\/html>\s*$/s);
    expect(readdirSync(dirname(file))).toEqual(['report.html']);
    const nowhere = join(dirname(file), 'no', 'report.html');
    await expect(writeReportPage(emptyPage, nowhere, { assets: plainAssets })).rejects.toThrow(
      `${nowhere}: the report cannot be written`,
    );
  });

  test('stops when it is cancelled', async () => {
    using files = temporaryFiles();
    const file = files.write('report.html', 'before');
    const cancelled = writeReportPage(emptyPage, file, { assets: plainAssets }, AbortSignal.abort());
    await expect(cancelled).rejects.toThrow();
    expect(readFileSync(file, 'utf8')).toBe('before');
  });

  test('a page that was not built is told how to build it', async () => {
    await expect(readPageAssets('/nowhere')).rejects.toThrow('run: npm run build');
  });
});
