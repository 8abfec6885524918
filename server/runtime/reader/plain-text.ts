/**
 * Text from a picture, which may come from a stranger, as one line that can be shown anywhere: without
 * characters that control a terminal or the direction of writing, or that cannot be seen; at most
 * {@link longestText} characters.
 */
export function plainText(text: string): string {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const characters = Array.from(plain);
  return characters.length <= longestText ? plain : characters.slice(0, longestText).join('').trim();
}

const longestText = 120;
