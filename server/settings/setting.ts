/**
 * One setting of a session, as plain data. The wire, the flags, the page and the docs all read it, so that
 * adding a setting means adding one entry to {@link settingTable}.
 */
export type Setting = NumberSetting | ChoiceSetting | SeveralSetting | TextSetting | PolicySetting;

interface Described {
  /** Whether it may change while a session runs. */
  readonly live: boolean;
  /** What it means, in one line: for the docs, the JSON Schema and the page. */
  readonly help: string;
  /** The flag of `duet watch` and `duet bench`, if there is one. */
  readonly flag?: SettingFlag;
}

/** Which numbers are allowed. `above` is exclusive; flags and sliders then start at `smallest`. */
export type NumberRange =
  | { readonly from: number; readonly to: number }
  | { readonly above: number; readonly smallest: number; readonly to: number };

/** A number, or a whole number. */
type NumberSetting = Described &
  NumberRange & {
    readonly kind: 'number' | 'whole';
    readonly default?: number;
    /** What it counts; absent for plain numbers. */
    readonly unit?: string;
    /** The slider on the page, if the page offers one. */
    readonly control?: PageControl & { readonly to: number; readonly step: number };
  };

/** One of a few words. */
interface ChoiceSetting extends Described {
  readonly kind: 'choice';
  readonly choices: Choices;
  readonly default?: string;
  readonly control?: PageControl;
}

/** At least one of a few words, none twice. */
interface SeveralSetting extends Described {
  readonly kind: 'several';
  readonly choices: Choices;
  readonly control?: PageControl;
}

/** Text written by a person. */
interface TextSetting extends Described {
  readonly kind: 'text';
  /** Largest size in bytes of UTF-8. */
  readonly maxBytes: number;
}

/** One of the response policies, with its numbers. */
interface PolicySetting extends Described {
  readonly kind: 'policy';
  readonly control?: PageControl;
}

/** The words of a choice, and what the page calls them. */
export type Choices = Readonly<Record<string, { readonly label: string; readonly help?: string }>>;

/** How the page shows a setting. */
interface PageControl {
  readonly label: string;
  /** Whether it is hidden under "more". */
  readonly more?: true;
}

/** How the command line takes a setting: a value under its own name, or one word under another. */
export type SettingFlag = FlagFace &
  ({ readonly argument: string } | { readonly sets: { readonly name: string; readonly word: string } });

interface FlagFace {
  /**
   * `speaking`: when and how it speaks; `layout`: the chat markup; `sampling`: what is looked at; `memory`:
   * what is remembered.
   */
  readonly group: 'speaking' | 'layout' | 'sampling' | 'memory';
  /** Its position within its group in the help text. */
  readonly place: number;
  readonly help: string;
}
