import { useEffect, useState } from 'preact/hooks';
import { scannedNumber } from './certificate-number.ts';
import { ask } from './client.ts';
import { looksWhole } from './token.ts';

interface Declared {
  readonly status: string;
  readonly org: string;
  readonly reference: string;
  readonly itemCount: number;
}

/** Only these states let goods go; what each says to whoever holds the certificate. */
const MEANINGS: Readonly<Record<string, string>> = {
  verified: 'is valid: verified, and not used yet',
  exited: 'has been used: its goods left',
  arrived: 'has been used: its goods left and arrived',
  'not-shipped': 'has been used, but its goods were not shipped after all',
  expired: 'is not valid any more: it expired',
  withdrawn: 'is not valid: its declaration was withdrawn',
};

/** Shown to whoever scanned a certificate: the number, what its check character tells, and what is registered. */
export function NumberNote({ search, token }: { search: string; token: string }) {
  const number = scannedNumber(search);
  const declared = useDeclared(number?.wellFormed === true ? number.printed : null, token);
  if (number === null) return null;
  return (
    <section class="card" aria-labelledby="number">
      <h2 id="number">Certificate number</h2>
      <p class="number">{number.printed}</p>
      <p aria-live="polite">{number.wellFormed ? registered(declared) : MALFORMED}</p>
    </section>
  );
}

const MALFORMED =
  'This is not a certificate number: its form or its check character doesn’t fit. It may have been read or copied wrongly.';

function registered(declared: Declared | 'none' | null): string {
  if (declared === null) {
    return 'Compare it with the number printed on the certificate. Its check character fits; that alone doesn’t say that it was issued, is still valid or hasn’t been used: paste a token below to ask the register.';
  }
  if (declared === 'none') return 'No declaration that you may see holds this number.';
  const meaning = MEANINGS[declared.status] ?? `is not valid now: its declaration is ${declared.status}`;
  const items = declared.itemCount === 1 ? '1 item' : `${declared.itemCount} items`;
  return `This number ${meaning}. It was declared by ${declared.org} under ${declared.reference}, for ${items}.`;
}

/** The declaration that holds the number, once there is a token to ask with. */
function useDeclared(number: string | null, token: string): Declared | 'none' | null {
  const [declared, setDeclared] = useState<Declared | 'none' | null>(null);
  useEffect(() => {
    setDeclared(null);
    if (number === null || !looksWhole(token)) return undefined;
    const controller = new AbortController();
    const asked = ask<{ declarations: Declared[] }>('/v1/declarations', { number }, token, controller.signal);
    asked.then(
      (outcome) => 'value' in outcome && setDeclared(outcome.value.declarations[0] ?? 'none'),
      () => undefined,
    );
    return () => controller.abort();
  }, [number, token]);
  return declared;
}
