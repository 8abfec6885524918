import type { ContextMark, DuetContext, DuetModel } from '../../runtime/model.js';
import {
  contextBudget,
  insertionBudget,
  mostOfText,
  requireShortPrompt,
  requireShortText,
  type ContextBudget,
} from './context-budget.js';
import type { MemoryOptions } from './memory.js';

/** Measures user texts against the budget of a context. */
export class TextAdmission {
  readonly budget: ContextBudget;
  /** Size of the system prompt. */
  readonly promptSize: number;
  readonly #model: DuetModel;

  private constructor(model: DuetModel, budget: ContextBudget, promptSize: number) {
    this.#model = model;
    this.budget = budget;
    this.promptSize = promptSize;
  }

  /**
   * Opens the first context of a memory, of which at most `sink` stays for ever. Throws 'context_full' if the
   * system prompt is too long for the model, and what opening a context throws.
   */
  static async open({ model, settings, follows }: MemoryOptions, sink?: number): Promise<FirstContext> {
    const budget = contextBudget(model.capabilities.capacity, sink);
    const promptSize = await model.measure(settings().systemPrompt);
    requireShortPrompt(promptSize, budget);
    const context = await model.openContext({ ...settings(), ...followOn(follows) });
    return { admission: new TextAdmission(model, budget, promptSize), context };
  }

  /** Most that a text takes; found without asking the model, so that short texts do not wait for it. */
  mostSizeOf(text: string): number {
    const { textByte } = this.budget.capacity;
    return textByte === null ? Infinity : Buffer.byteLength(text) * textByte;
  }

  /** Throws 'context_full' if a text that has just come does not fit beside `standing` ones. */
  requireFits(text: string, standing: number): Promise<void> {
    return this.#requireWithin(text, standing, this.budget);
  }

  /** The same for a text whose moment has come. */
  requireInsertable(text: string, standing: number): Promise<void> {
    return this.#requireWithin(text, standing, insertionBudget(this.budget));
  }

  async #requireWithin(text: string, standing: number, budget: ContextBudget): Promise<void> {
    if (this.mostSizeOf(text) <= mostOfText(this.promptSize + standing, budget)) return;
    requireShortText(await this.#model.measure(text), this.promptSize, budget, standing);
  }
}

/** A context that was opened, and what measures the texts for it. */
export interface FirstContext {
  readonly admission: TextAdmission;
  readonly context: DuetContext;
}

/** The option of a context that takes over from another one, if there is one. */
export function followOn(follows: ContextMark | null | undefined): { readonly follows?: ContextMark } {
  return follows == null ? {} : { follows };
}
