import type { GrammarLanguage } from './grammar-schema.js';
import { plainWords, type PlainWords } from './plain-words.js';

/** Says what is wrong at a place of the grammar, as an error to throw. */
export type GrammarFault = (path: readonly PropertyKey[], problem: string) => Error;

/** A slot with its values by their plain form. */
export interface CompiledSlot {
  readonly field: string;
  readonly values: ReadonlyMap<string, string>;
  readonly open: boolean;
}

/** The slots of a language by name. Throws for a form that stands for two values, or for none once articles are gone. */
export function compileSlots(
  language: GrammarLanguage,
  path: readonly PropertyKey[],
  fault: GrammarFault,
): Map<string, CompiledSlot> {
  const plain = plainWords(language.articles);
  return new Map(
    Object.entries(language.slots).map(([name, { field, values, open }]) => {
      const at = [...path, 'slots', name, 'values'];
      return [name, { field, open, values: plainForms(Object.entries(values), plain, at, fault) }];
    }),
  );
}

function plainForms(
  values: readonly (readonly [string, readonly string[]])[],
  plain: PlainWords,
  path: readonly PropertyKey[],
  fault: GrammarFault,
): Map<string, string> {
  const byForm = new Map<string, string>();
  for (const [value, forms] of values) {
    for (const form of forms.map(plain)) {
      const other = byForm.get(form) ?? value;
      if (form === '') throw fault([...path, value], 'has a form of nothing but articles and marks');
      if (other !== value)
        throw fault([...path, value], `has the form "${form}", which stands for "${other}" too`);
      byForm.set(form, value);
    }
  }
  return byForm;
}
