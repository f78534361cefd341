/** Texts by the place they came in, put aside because there can be too many for memory. */
export interface Texts {
  add(texts: readonly string[]): void;
  /** The text that came `index` places after the first. */
  get(index: number): string | undefined;
  close(): void;
}

/** Opens a place of its own that holds nothing. */
export type OpenTexts = () => Texts;
