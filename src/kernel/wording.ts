/** `1 die`, `20 upper punches`. */
export function counted(count: number, singular: string): string {
  return `${count} ${count === 1 ? singular : plural(singular)}`;
}

/** `one`, `one and two`, `one, two and three`. */
export function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** The first of them and how many more: `one, two and 3 more`. */
export function firstOf(parts: readonly string[], most: number): string {
  const more = parts.length - most;
  return joined(more > 0 ? [...parts.slice(0, most), `${more} more`] : parts);
}

/** The first lines by number and how many more: `lines 1, 2, 3 and 40 more`. */
export function linesNamed(lines: readonly number[], most = 10): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${firstOf(lines.map(String), most)}`;
}

export function quoted(text: string): string {
  return `"${text}"`;
}

function plural(singular: string): string {
  return /(ch|sh|s|x)$/.test(singular) ? `${singular}es` : `${singular}s`;
}
