import { instantWords } from './words.ts';

const KEPT_AS = 'registry-token';

/** The token of this tab; gone when the tab is closed. */
export function keptToken(): string {
  return sessionStorage.getItem(KEPT_AS) ?? '';
}

export function keepToken(token: string): void {
  if (token === '') sessionStorage.removeItem(KEPT_AS);
  else sessionStorage.setItem(KEPT_AS, token);
}

/** A token as pasted: without the line breaks, quotes or scheme that copying brings along. */
export function tidied(pasted: string): string {
  return pasted.replace(/^\s*"?\s*(bearer\s+)?/i, '').replaceAll(/[\s"]/g, '');
}

/** Whether it has the three parts of a JWT, so that asking with it makes sense. */
export function looksWhole(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** What the token says of its holder, for people to see which one they use; null when it can't be read. */
export function holderOf(token: string): string | null {
  if (!looksWhole(token)) return null;
  try {
    const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const { role, org, exp } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (typeof role !== 'string' || typeof org !== 'string') return null;
    const until =
      typeof exp === 'number' ? `, until ${instantWords(new Date(exp * 1000).toISOString())}` : '';
    return `${role} of ${org}${until}`;
  } catch {
    return null;
  }
}
