import { scannedNumber } from './certificate-number.ts';

/** Shown to whoever scanned a certificate: the number, and what its check character can and can't tell. */
export function NumberNote({ search }: { search: string }) {
  const number = scannedNumber(search);
  if (number === null) return null;
  return (
    <section class="card" aria-labelledby="number">
      <h2 id="number">Certificate number</h2>
      <p class="number">{number.printed}</p>
      <p>
        {number.wellFormed
          ? 'Compare it with the number printed on the certificate. Its check character fits; that alone doesn’t say that it was issued, is still valid or hasn’t been used. Look up the serials of the goods below.'
          : 'This is not a certificate number: its form or its check character doesn’t fit. It may have been read or copied wrongly.'}
      </p>
    </section>
  );
}
