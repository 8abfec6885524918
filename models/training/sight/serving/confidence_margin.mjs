#!/usr/bin/env node
/**
 * Where to set `unsureBelow` in about.json: how often replies of low and of high confidence are wrong.
 *
 *   for v in CLIPS/videos/*; do npx duet watch $v --json > runs/$(basename $v).jsonl; done
 *   node confidence_margin.mjs CLIPS runs/*.jsonl
 *
 * CLIPS is the folder of the labelled clips, with truth.json and score_real.mjs, whose rules say what is right and what is false. What is
 * neither (not labelled, names no thing) is left out. A margin is worth marking where the share of false replies below it is several times
 * that above it, and few are below it: the table shows the margins at 5, 10, 20 and 30 % of the replies, with 90 % bootstrap intervals, and
 * the chance that a right reply has the higher confidence of a right and a false one (0.5: it says nothing).
 */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [clips, ...files] = process.argv.slice(2);
if (clips === undefined || files.length === 0)
  throw new Error('node confidence_margin.mjs CLIPS RUN.jsonl ...');
const { parse, judge } = await import(pathToFileURL(resolve(clips, 'score_real.mjs')).href);
const truth = JSON.parse(readFileSync(join(clips, 'truth.json'), 'utf8'));

/** The replies of a run that can be judged: their confidence, and whether they are false. */
function judged(file) {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const source = basename(rows.find(({ type }) => type === 'source.opened')?.source ?? file);
  const video = truth.videos.find((one) => one.video === source);
  if (video === undefined) throw new Error(`${file}: truth.json knows no video ${source}`);
  return rows.flatMap(({ type, status, text, confidence, video_time: time }) => {
    if (type !== 'response.done' || status !== 'completed' || confidence === undefined) return [];
    const grades = parse(text).map((statement) => judge(statement, time, video.events)[0]);
    const isFalse = grades.includes('false');
    return isFalse || grades.includes('right') ? [{ confidence, isFalse }] : [];
  });
}

const share = (replies) => replies.filter(({ isFalse }) => isFalse).length / replies.length;
const percent = (value) => `${(100 * value).toFixed(0)} %`;

/** 90 % of the shares that resampling gives; the same draws in every run. */
function interval(replies) {
  let seed = 7;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const shares = Array.from({ length: 2000 }, () =>
    share(replies.map(() => replies[Math.floor(next() * replies.length)])),
  );
  shares.sort((a, b) => a - b);
  return `${percent(shares[100])} to ${percent(shares[1899])}`;
}

const replies = files.flatMap(judged).sort((a, b) => a.confidence - b.confidence);
const [right, wrong] = [replies.filter(({ isFalse }) => !isFalse), replies.filter(({ isFalse }) => isFalse)];
const wins = right.flatMap((one) =>
  wrong.map((other) =>
    one.confidence > other.confidence ? 1 : one.confidence === other.confidence ? 0.5 : 0,
  ),
);
console.log(
  `${replies.length} replies, ${wrong.length} false (${percent(share(replies))}); a right one is surer than a false one in ${percent(wins.reduce((a, b) => a + b, 0) / wins.length)} of pairs`,
);
for (const part of [0.05, 0.1, 0.2, 0.3]) {
  const count = Math.round(replies.length * part);
  const [below, above] = [replies.slice(0, count), replies.slice(count)];
  if (count === 0) continue;
  console.log(
    `below ${above[0].confidence.toFixed(3)}: ${count} replies, ${percent(share(below))} false (${interval(below)}); above: ${percent(share(above))} (${interval(above)})`,
  );
}
