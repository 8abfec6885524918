import { expect, test } from 'vitest';
import { readReadingQuestion } from '../../../server/duet/reading/reading-questions.js';

const readNow: Readonly<Record<string, readonly string[]>> = {
  en: [
    'What does the sign say?',
    'what does it say',
    'What do the signs say?',
    'What does the sign on the left say?',
    'What does that board say on the right?',
    "What's written there?",
    'What is written on the sign?',
    'What is on the poster?',
    'What is the text?',
    'What text is there?',
    'What words can you read?',
    'What can you read?',
    'Read the sign.',
    'Can you read the label?',
    'Could you please read that to me?',
    'Is there any text?',
    'Is there anything to read in the picture?',
    'What is the title on the slide?',
  ],
  fr: [
    'Que dit le panneau ?',
    "Qu'est-ce que dit l’affiche ?",
    "Qu'est-ce qui est écrit ?",
    "Qu'est-ce qui est écrit sur le panneau à gauche ?",
    "Qu'y a-t-il d'écrit ?",
    'Que peut-on lire ?',
    'Peux-tu lire le panneau ?',
    'Lis le texte à droite.',
    'Y a-t-il du texte ?',
    "C'est écrit quoi ?",
  ],
  es: [
    '¿Qué dice el letrero?',
    '¿Qué pone?',
    '¿Qué pone en el cartel de la derecha?'.replace(' de la derecha', ' a la derecha'),
    '¿Qué está escrito ahí?',
    '¿Qué se puede leer?',
    'Lee el cartel.',
    '¿Puedes leer la etiqueta?',
    '¿Hay algún texto?',
    '¿Qué dicen las señales?',
  ],
  zh: [
    '牌子上写着什么？',
    '左边的牌子写的是什么？',
    '上面写着什么？',
    '那个标志上写了什么字？',
    '读一下牌子',
    '请念一下左边的标牌',
    '有文字吗？',
    '你能读出什么字？',
    '写的是什么？',
  ],
};

test.each(Object.entries(readNow))('%s: asks what there is to read', (language, questions) => {
  for (const question of questions) {
    expect(readReadingQuestion(question), question).toMatchObject({ type: 'read', language });
  }
});

test.each([
  ['What does the sign on the left say?', 'left'],
  ['What is written in the middle?', 'middle'],
  ['Que dit le panneau à droite ?', 'right'],
  ['¿Qué pone a la izquierda?', 'left'],
  ['右边的牌子写着什么？', 'right'],
  ['What does the sign say?', null],
])('%s asks about the place %s', (question, place) => {
  expect(readReadingQuestion(question)).toMatchObject({ type: 'read', place });
});

test.each([
  ['Does the sign say STOP?', 'en', 'STOP'],
  ['Does it say "No parking"?', 'en', 'No parking'],
  ['Is there a sign that says EXIT?', 'en', 'EXIT'],
  ['Do you see the word sale?', 'en', 'sale'],
  ['Est-ce que le panneau dit STOP ?', 'fr', 'STOP'],
  ['Y a-t-il un panneau où il est écrit « Sortie » ?', 'fr', 'Sortie'],
  ['¿El letrero dice ALTO?', 'es', 'ALTO'],
  ['¿Hay un cartel que diga "Salida"?', 'es', 'Salida'],
  ['牌子上写着“停”吗？', 'zh', '停'],
  ['有没有写着出口的牌子？', 'zh', '出口'],
])('%s asks in %s whether "%s" is there', (question, language, words) => {
  expect(readReadingQuestion(question)).toEqual({ type: 'says', language, words });
});

test.each([
  ['Tell me when a sign says STOP', 'en', 'STOP'],
  ['Tell me when it says "Game over".', 'en', 'Game over'],
  ['Let me know as soon as you see the word EXIT', 'en', 'EXIT'],
  ['Tell me when you read EXIT', 'en', 'EXIT'],
  ['Tell me when text appears', 'en', null],
  ['Tell me whenever there is something to read.', 'en', null],
  ['Dis-moi quand un panneau dit STOP', 'fr', 'STOP'],
  ['Préviens-moi dès qu’il est écrit « Fin »', 'fr', 'Fin'],
  ['Dis-moi quand du texte apparaît', 'fr', null],
  ['Avísame cuando un letrero diga ALTO', 'es', 'ALTO'],
  ['Dime cuando aparezca texto', 'es', null],
  ['当牌子上写着“停”时告诉我', 'zh', '停'],
  ['看到“出口”这个词时告诉我', 'zh', '出口'],
  ['有文字出现时告诉我', 'zh', null],
])('%s waits in %s for %s', (question, language, words) => {
  expect(readReadingQuestion(question)).toEqual({ type: 'watch', language, words });
});

test.each([
  'Is there a stop sign?',
  'What does the man say?',
  'What does she say?',
  'What did the sign say to the man',
  'sign in',
  'How many signs are there?',
  'Tell me when a stop sign appears',
  'Tell me when a dog appears',
  'Tell me when you see a dog',
  'Tell me when somebody reads a book',
  'Tell me when somebody signs the paper',
  'Is anybody reading?',
  'What is the man reading?',
  'What is on the table?',
  'What is on the left?',
  'What do you see?',
  'What is there?',
  'What can you see?',
  'Say when he comes',
  'Read the room',
  'Who is at the sign?',
  'Is there a book?',
  'What happens?',
  'Que dit la femme ?',
  'Y a-t-il un panneau stop ?',
  'Dis-moi quand un chien apparaît',
  'Dis-moi quand tu vois un chien',
  'Que se passe-t-il ?',
  '¿Qué dice el hombre?',
  '¿Hay una señal de stop?',
  'Dime cuando aparezca un perro',
  '¿Qué hay a la izquierda?',
  '那个人说什么？',
  '有停车标志吗？',
  '看到狗时告诉我',
  '有人吗？',
  '左边有什么？',
  '他在写什么？',
  '',
])('%s is not about text in the picture', (question) => {
  expect(readReadingQuestion(question)).toBeNull();
});

test('what a stranger writes is not read at length', () => {
  expect(readReadingQuestion(`What does the sign say ${'on the left '.repeat(10_000)}?`)).toBeNull();
});
