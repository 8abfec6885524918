/**
 * Frequent words with little content, which METEOR weighs less than others. The published metric ships such a
 * list, of the words above a relative frequency of 0.001 in news text; this one is our own after the same
 * idea, and part of the tier's version.
 */
export const functionWords: ReadonlySet<string> = new Set(
  [
    `, . " ' - -- : ( ) $ 's 't s`,
    'the a an this that which who what',
    'of to in for on with at by from as into over about after before against up out than',
    'and or but if when while because so also not no only most more',
    'i he she it we you they him her them his its their',
    'is are was were be been has have had will would could can may said',
    'there one two first all some other last new time year years people mr percent million state',
  ].flatMap((line) => line.split(' ')),
);
