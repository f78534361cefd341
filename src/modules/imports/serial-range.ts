import { MAX_ITEMS } from '../declarations/index.ts';

const DOTS = '..';

export type Range =
  | { readonly serials: readonly string[] }
  | { readonly code: 'range-unreadable' | 'range-backwards' | 'range-too-long'; readonly message: string };

/**
 * The serials that a range stands for: `ZP33-00001..00108` or `ZP33-00001..ZP33-00108`, both ends included. The end
 * takes the place of as many of the first serial's last digits; zeros in front are kept. Anything without `..` is one serial.
 */
export function serialsOf(text: string): Range {
  const at = text.indexOf(DOTS);
  if (at < 0) return { serials: [text] };
  const [, prefix = '', from = ''] = /^(.*?)(\d+)$/.exec(text.slice(0, at).trim()) ?? [];
  const end = text.slice(at + DOTS.length).trim();
  const last = prefix !== '' && end.startsWith(prefix) ? end.slice(prefix.length) : end;
  if (from === '' || !/^\d{1,15}$/.test(last) || last.length > from.length) {
    return {
      code: 'range-unreadable',
      message: 'is no range that can be read: write it as ZP33-00001..00108.',
    };
  }
  const kept = from.length - last.length;
  const stem = prefix + from.slice(0, kept);
  const [first, final] = [Number(from.slice(kept)), Number(last)];
  if (final < first) return { code: 'range-backwards', message: 'is a range that ends before it begins.' };
  if (final - first >= MAX_ITEMS) {
    return { code: 'range-too-long', message: `is a range of more than ${MAX_ITEMS} serials.` };
  }
  const serials = Array.from(
    { length: final - first + 1 },
    (_, index) => stem + String(first + index).padStart(last.length, '0'),
  );
  return { serials };
}
