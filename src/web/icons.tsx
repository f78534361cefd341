import type { Verdict } from './answer.ts';

const SHAPES: Readonly<Record<Verdict, string>> = {
  clear: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.6 14.6L6 12.2l1.8-1.8 2.6 2.6 5.8-5.8L18 9z',
  caution: 'M12 2 1 21h22zm-1.2 7h2.4v6h-2.4zm0 7.6h2.4V19h-2.4z',
  stop: 'M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9zM6.5 10.6v2.8h11v-2.8z',
  unknown:
    'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.2 13.6h2.4V18h-2.4zm0-1.6v-1.3c0-2.3 2.4-2.6 2.4-4.1 0-.8-.6-1.2-1.3-1.2-.8 0-1.4.5-1.5 1.5H8C8.1 6.8 9.7 5.5 12 5.5c2.2 0 3.8 1.2 3.8 3.1 0 2.6-2.6 2.7-2.6 4.5V14z',
};

/** A shape of its own for each verdict, so that colour never tells alone. */
export function VerdictIcon({ verdict }: { verdict: Verdict }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[verdict]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
