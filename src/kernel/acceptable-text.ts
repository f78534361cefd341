/**
 * What no text from outside may hold: C0 controls other than tab, newline and return; with the u flag also surrogates
 * without their other half.
 */
// eslint-disable-next-line no-control-regex -- refusing control characters is what it is for
export const REFUSED_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/u;
