import { describe, expect, test } from 'vitest';
import { lexicalRating } from '../../../server/scoring/judges/kinds/lexical.js';
import { letterWords, spaceWords } from '../../../server/scoring/data/space-words.js';
import { scoreFiles, type Outcome } from '../support/score-files.js';
import { temporaryFiles } from '../support/temporary-files.js';

test.each([
  ['It’s the 2nd café.', ['it', 's', 'the', 'nd', 'café']],
  ['Повар режет лук.', ['повар', 'режет', 'лук']],
  ['猫が窓を開ける', ['猫', 'が', '窓', 'を', '開ける']],
  ['แมวเปิดหน้าต่าง', ['แมว', 'เปิด', 'หน้าต่าง']],
  ['고양이가 창문을 연다', ['고양이가', '창문을', '연다']],
  ['القطة تفتح النافذة', ['القطة', 'تفتح', 'النافذة']],
  ['क्या बिल्ली खिड़की खोलती है?', ['क्या', 'बिल्ली', 'खिड़की', 'खोलती', 'है']],
  ['نمی‌خواهم', ['نمی‌خواهم']],
])('%s has the words %j', (text, words) => {
  expect(letterWords(text)).toEqual(words.map((word) => word.normalize('NFC')));
});

test('both Unicode forms of a text are the same words', () => {
  expect(letterWords('cafe\u0301 й'.normalize('NFD'))).toEqual(letterWords('café й'));
});

test('text with spaces between its words stays as it is', () => {
  expect(spaceWords('A 5-inch "screen", $10.')).toBe('A 5-inch "screen", $10.');
});

test('the lexical judge sees which words of a Chinese sentence are shared', () => {
  const rate = (prediction: string) =>
    lexicalRating({ question: '', gold: '一只猫打开了窗户', prediction }, 'agreement');
  expect([rate('一只猫打开了窗户'), rate('一只猫关上了窗户'), rate('我们在吃饭')]).toEqual([5, 3, 1]);
});

const languages = {
  English: ['a cook cuts an onion', 'the onion is fried in a pan', 'a dog waits at the door'],
  Russian: ['повар режет луковицу на доске', 'лук жарится на большой сковороде', 'собака ждёт у самой двери'],
  Chinese: ['厨师在案板上切洋葱', '洋葱在锅里煎炸', '一只狗在门口等待'],
  Japanese: ['料理人が玉ねぎを切る', '玉ねぎをフライパンで炒める', '犬がドアの前で待っている'],
  Thai: ['พ่อครัวหั่นหัวหอมบนเขียง', 'ทอดหัวหอมในกระทะใบใหญ่', 'สุนัขรออยู่ที่หน้าประตู'],
  Arabic: ['الطباخ يقطع البصل على اللوح', 'البصل يقلى في مقلاة كبيرة', 'الكلب ينتظر عند الباب'],
  Hindi: ['रसोइया प्याज काट रहा है', 'प्याज कड़ाही में तला जा रहा है', 'कुत्ता दरवाजे पर इंतज़ार कर रहा है'],
  Korean: ['요리사가 양파를 썰고 있다', '양파를 큰 팬에 볶고 있다', '개가 문 앞에서 기다리고 있다'],
} as const;

async function score(gold: readonly string[], said: readonly string[], ...flags: string[]): Promise<Outcome> {
  using files = temporaryFiles();
  const items = gold.map((content, index) => {
    return { question_id: `${index}`, conversation: [{ content: '?' }], answer: [{ content, time: [0, 4] }] };
  });
  const lines = said.map((content, index) => {
    const turn = { role: 'assistant', content, time: 4 };
    // The published rule drops what is said first.
    const first = { role: 'assistant', content: 'x', time: 0 };
    const turns = flags.includes('compat') ? [first, turn] : [turn];
    return JSON.stringify({ question_id: `${index}`, model_response_list: turns, video_duration: 4 });
  });
  const paths = [
    '--gold',
    files.write('g.json', JSON.stringify(items)),
    '--pred',
    files.write('p.jsonl', lines.join('\n')),
  ];
  return await scoreFiles('densecap', [...paths, ...flags]);
}

function metricsOf(outcome: Outcome): Record<string, number> {
  if (outcome.type === 'refused') throw new Error(outcome.message);
  return outcome.report['metrics'] as Record<string, number>;
}

describe.each(Object.entries(languages))('captions in %s', (language, captions) => {
  test('that equal the gold have the greatest paragraph scores in strict mode', async () => {
    const compat = metricsOf(
      await score(captions, captions, '--mode', 'compat', '--caption-format', 'seconds'),
    );
    const metrics = metricsOf(await score(captions, captions));
    expect(metrics['Para_METEOR']).toBeCloseTo(100, 9);
    expect(metrics['Para_CIDER']).toBeGreaterThan(500);
    if (language !== 'English') expect(compat['Para_METEOR']).toBe(0);
  });

  test('that share some words with the gold score in between', async () => {
    const shifted = [...captions.slice(1), captions[0]];
    const part = captions.map((caption) => [...letterWords(caption)].slice(0, -1).join(' '));
    const some = metricsOf(await score(captions, part));
    const none = metricsOf(await score(captions, shifted.map(String)));
    expect(some['METEOR']).toBeGreaterThan((none['METEOR'] ?? 0) + 5);
    expect(some['METEOR']).toBeLessThan(100);
  });
});

test('compat says that it reads the letters a to z only, where there are others', async () => {
  const notesOf = async (...given: Parameters<typeof score>) => {
    const outcome = await score(...given);
    return outcome.type === 'refused' ? [] : outcome.report['notes'];
  };
  const said = expect.stringMatching(/read the letters a to z only, as published: 3 videos have/) as string;
  expect(await notesOf(languages.Russian, languages.Russian, '--mode', 'compat')).toContainEqual(said);
  expect(await notesOf(languages.Russian, languages.Russian)).not.toContainEqual(said);
  expect(await notesOf(languages.English, languages.English, '--mode', 'compat')).not.toContainEqual(said);
});
