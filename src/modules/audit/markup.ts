/** Markup in which everything from outside has been escaped already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in markup: text and numbers are escaped, markup is not, nothing is left out. */
export type Content = Markup | string | number | undefined | readonly Content[];

/** A template whose parts are escaped, for the text and the quoted attributes of HTML and SVG. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Content[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(parts[index])).join(''));
}

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  return typeof content === 'object' ? content.map(textOf).join('') : escaped(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/**
 * Controls, marks that turn the direction of writing, and whatever else shows nothing, so that no text can pass for
 * another. Joiners stay after letters of the scripts that spell with them: Unicode 16.0, sections 9.2 and 12.
 */
const UNSEEN =
  /(?!(?<=[\p{sc=Arab}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}])[\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** Text for markup; characters that show nothing are named, such as `[U+202E]`. */
export function escaped(text: string): string {
  return seen(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Text with every character that shows nothing named. */
export function seen(text: string): string {
  return text.replaceAll(UNSEEN, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `[U+${code.padStart(4, '0')}]`;
  });
}

const NUMBERS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `1,234`. */
export function numberText(value: number): string {
  return NUMBERS.format(value);
}

/** `1 finding`, `1,234 findings`. @param plural ends in `s` */
export function countText(count: number, plural: string): string {
  return `${numberText(count)} ${count === 1 ? plural.slice(0, -1) : plural}`;
}

/** `12.5 %` of `all`; what is there but rounds to nothing is `< 0.1 %`. */
export function shareText(part: number, all: number): string {
  const percent = all === 0 ? 0 : (part / all) * 100;
  return percent > 0 && percent < 0.05 ? '< 0.1 %' : `${percent.toFixed(1)} %`;
}
