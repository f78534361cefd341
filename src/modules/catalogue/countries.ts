import countries from 'i18n-iso-countries';

const ALPHA_2 = new Set(Object.keys(countries.getAlpha2Codes()));
const LOCODE = /^[A-Z]{2}[A-Z2-9]{3}$/;
const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** True for an upper-case ISO 3166-1 alpha-2 code, and for the user-assigned XK, which trade uses. */
export function isCountry(code: string): boolean {
  return ALPHA_2.has(code);
}

/** The everyday English name (Unicode CLDR) of a country; null for what is no country's code. */
export function countryName(code: string): string | null {
  return isCountry(code) ? (NAMES.of(code) ?? null) : null;
}

/** True for text of UN/LOCODE form whose first two letters are a country. Whether the place exists is not checked. */
export function isPort(code: string): boolean {
  return LOCODE.test(code) && isCountry(code.slice(0, 2));
}
