// The package's own declarations import without file extensions, which NodeNext resolution refuses; this is
// the part we use.
declare module '@huggingface/tokenizers' {
  export class Tokenizer {
    constructor(tokenizer: object, config: object);
    encode(text: string, options?: { add_special_tokens?: boolean }): { ids: number[] };
  }
}
