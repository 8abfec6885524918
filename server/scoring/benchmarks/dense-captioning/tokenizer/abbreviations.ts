/** Abbreviations whose full stop belongs to them, in lower case. */
const alwaysAbbreviated = [
  // months, days and states
  'jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri',
  'ala ariz calif colo conn ct dak fla ga ind kan kans ky md mich minn mo mont neb nev okla pa penn tenn va vt wis wisc wyo',
  // companies and institutions
  'inc co cos corp pty ptys ppty ltd plc rt bancorp dept bhd assn univ intl sys',
  // titles, before and after a name
  'mr mrs ms dr drs prof profs sen sens rep reps atty attys lt col gen messrs gov govs adm rev maj sgt cpl pvt capt',
  'st ste ave pres lieut hon brig cmdr comdr pfc spc supt supts det mt ft adj adv asst assoc ens insp mlle mme msgr sfc',
  'jr sr bros ed\\.d ph\\.d esq',
  // others
  'etc al seq vs alex wm jos cie cf treas',
].flatMap((line) => line.split(' '));

/** Abbreviations that are ordinary words unless they are written with a capital. */
const capitalised = 'Ark Az Del Ill La Mass Miss Ore Tex Wash'.split(' ');

/** Abbreviations only before a number, as in "no. 5". */
const beforeNumber = 'ca fig figs prop no nos art bldg pp op'.split(' ');

/** Regular expression sources of abbreviations with their full stop; each takes the token as group 1. */
export const abbreviationSources: readonly string[] = [
  `((?:${caseless(alwaysAbbreviated)}|${capitalised.join('|')})\\.)`,
  `((?:${caseless(beforeNumber)})\\.)\\s+\\d`,
  // An initial, unless it ends the text.
  String.raw`([A-Za-z]\.)[^\S\n]`,
  // u.s., a.m., e.g.
  String.raw`([A-Za-z](?:\.[A-Za-z])+\.?)(?![A-Za-z0-9])`,
];

function caseless(words: readonly string[]): string {
  const anyCase = (letter: string) => `[${letter}${letter.toUpperCase()}]`;
  return words.map((word) => word.replace(/[a-z]/g, anyCase)).join('|');
}
