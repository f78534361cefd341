import type { Difference } from './answer.ts';

export interface Part {
  readonly text: string;
  readonly differs: boolean;
}

/**
 * A serial as marked, cut into stretches that fit and stretches that were read differently. `differences` count in
 * `serialKey`; when that can't be traced back to the serial character by character, the key is cut instead.
 */
export function markedParts(serial: string, serialKey: string, differences: readonly Difference[]): Part[] {
  const differing = new Set(
    differences.filter(({ kind }) => kind === 'confusable').map(({ position }) => position),
  );
  const characters = [...serial].map((text) => ({ text, key: keyOf(text) }));
  const traceable = characters.map(({ key }) => key).join('') === serialKey;
  const pieces = traceable ? characters : [...serialKey].map((text) => ({ text, key: text }));
  const parts: { text: string; differs: boolean }[] = [];
  let position = 0;
  for (const { text, key } of pieces) {
    const differs = Array.from(key, (_, offset) => position + offset).some((at) => differing.has(at));
    position += key.length;
    const last = parts.at(-1);
    if (last?.differs === differs) last.text += text;
    else parts.push({ text, differs });
  }
  return parts;
}

function keyOf(character: string): string {
  return character
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
