import { abbreviationSources } from './abbreviations.js';

const word = String.raw`\p{L}[\p{L}\p{M}\p{Nd}]*(?:[.!?]\p{L}[\p{L}\p{M}\p{Nd}]*)*`;
const alphanumeric = String.raw`[\p{L}\p{M}\p{Nd}]+`;
const number = String.raw`(?:\d+(?:[.:,]\d+)*|(?:[.:,]\d+)+)`;
/** Letters and digits, joined by hyphens; o', d' and l' may lead. */
const compound = String.raw`(?:[dDoOlL]['’])?${alphanumeric}(?:[-_]${alphanumeric})*`;
const clitic = String.raw`['’](?:[msdMSD]|[rR][eE]|[vV][eE]|[lL][lL])`;
const negation = String.raw`[nN]['’][tT]`;
const urlCharacter = String.raw`[^\s"<>|(){}]`;
const urlEnd = String.raw`[^\s"<>|(){}.!?,;:'’-]`;

/** Words written as one that are two tokens: the first is the token, the rest follows by itself. */
const assimilations = ['can not', 'gon na', 'got ta', 'lem me', 'gim me', 'wan na', "'t is", "'t was"];

/** Words with an apostrophe of their own. */
const apostropheWords = [
  String.raw`['’]n['’]?`,
  String.raw`['’](?:em|cause|tilt?|till)`,
  String.raw`['’][2-9]0s`,
  String.raw`[lLdDjJyY]['’]`,
  String.raw`[A-HJ-XZn]['’]\p{L}{2,}`,
  String.raw`\p{L}+[aeiouyAEIOUY]['’][aeiouA-Z]\p{L}*`,
  String.raw`(?:cont['’]d|nor['’]easter|c['’]mon|e['’]er|s['’]mores|ev['’]ry|li['’]l|nat['’]l|ol['’]|somethin['’])`,
];

/**
 * The rules of the tokeniser. Of all rules that match at a place, the one that covers most text wins, the
 * earlier on ties; its group 1 is the token, and what else it covers is only looked at.
 */
export const tokenRules: readonly RegExp[] = [
  String.raw`(<\/?[A-Za-z!?][A-Za-z0-9_:.-]*(?:\s[^<>\n]*)?\/?>)`,
  String.raw`((?:https?|ftp):\/\/${urlCharacter}*${urlEnd})`,
  String.raw`((?:www\.(?:[^\s"<>|(){}.!?,]{1,60}\.){1,8}[a-zA-Z]{2,4}|(?:[^\s"<>|(){}.!?,@'’]{1,60}\.){1,8}(?:com|net|org|edu))(?:\/${urlCharacter}*${urlEnd})?)`,
  String.raw`([\p{L}\p{N}][^\s"<>|()@,;:]{0,60}@(?:[^\s"<>|().@,;:]{1,60}\.){0,8}[^\s"<>|().@,;:!?'’]+)`,
  String.raw`([@#][\p{L}_][\p{L}\p{N}_]*)`,
  ...assimilations
    .map((pair) => pair.split(' '))
    .map(([head = '', tail = '']) => `(${anyCase(head)})${anyCase(tail)}`),
  `(${word}?)${negation}(?![\\p{L}\\p{N}])`,
  `(${negation})(?![\\p{L}\\p{N}])`,
  `(${word})${clitic}(?![\\p{L}\\p{N}])`,
  `(${compound})${clitic}(?![\\p{L}\\p{N}])`,
  `(${clitic})(?![\\p{L}\\p{N}])`,
  ...apostropheWords.map((source) => `(${source})`),
  `(${apostropheWords[4] ?? ''})${clitic}(?![\\p{L}\\p{N}])`,
  ...abbreviationSources,
  String.raw`((?:\d{1,4}[-\s])?\d{1,4}[/⁄]\d{1,4})(?![\p{L}\p{N}])`,
  String.raw`(\d{1,2}[-/]\d{1,2}[-/]\d{2,4})`,
  `([-+]?${number})`,
  `(${word})`,
  `(${compound})`,
  String.raw`([A-Za-z0-9]+(?:-[A-Za-z]+){0,2}(?:\/[A-Za-z0-9]+(?:-[A-Za-z]+){0,2}){1,2})`,
  String.raw`([A-Z]+(?:[+&][A-Z]+)+)`,
  String.raw`([<>]?[:;=]['\-o*]?[()DPdpO\\{@|[\]])(?![A-Za-z0-9])`,
  String.raw`([A-Z]*\$)`,
  String.raw`(\.{3,5}|(?:\.\s){2,4}\.|…)`,
  String.raw`([?!]+|-+|[–—―]+)`,
  String.raw`(''|${'``'}|\*{1,3})`,
].map((source) => new RegExp(source, 'uy'));

function anyCase(letters: string): string {
  return letters.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`).replace("'", "['’]");
}
