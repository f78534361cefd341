/** Stands for the rest of a list in a document. */
const REST = '…';

/** Values that differ from run to run. Those that name something must go on naming the same thing. */
const VOLATILE: readonly { readonly form: RegExp; readonly names: boolean }[] = [
  { form: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, names: false },
  { form: /\blkp_[0-9a-f]{32}\b/g, names: true },
  { form: /\bimp_[0-9a-z]{26}\b/g, names: true },
  { form: /\baud_[0-9a-z]{26}\b/g, names: true },
  { form: /\brfl_[0-9a-z]{26}\b/g, names: true },
  { form: /\b[A-Z]{2}20\d\d[0-9A-Z]{13}\b/g, names: true },
  { form: /\b[A-Z]{2}-20\d\d(?:-[0-9A-Z]{4}){3}-[0-9A-Z]\b/g, names: true },
  { form: /(?<=cursor=)[\w-]+|\bWy[IJ][\w-]{40,}/g, names: true },
  { form: /\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, names: true },
  { form: /\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b/g, names: false },
];
/** How often a record was written: a relay that steps in adds to it. */
const COUNTS_WRITES = 'version';

export type Shown = ReturnType<typeof createShown>;

/** How today's answers look in a document whose volatile values are those of another day. */
export function createShown() {
  const actualOf = new Map<string, string>();

  /** `actual`, with the documented value wherever only something volatile differs. */
  function value(documented: unknown, actual: unknown): unknown {
    if (typeof actual === 'string') return typeof documented === 'string' ? text(documented, actual) : actual;
    if (Array.isArray(actual)) return list(Array.isArray(documented) ? documented : [], actual);
    if (typeof actual !== 'object' || actual === null) return actual;
    const before = typeof documented === 'object' && documented !== null ? documented : {};
    return Object.fromEntries(
      Object.entries(actual).map(([name, member]) => [
        name,
        memberShown(name, (before as Record<string, unknown>)[name], member),
      ]),
    );
  }

  function memberShown(name: string, documented: unknown, actual: unknown): unknown {
    const bothCount = typeof documented === 'number' && typeof actual === 'number';
    return name === COUNTS_WRITES && bothCount ? documented : value(documented, actual);
  }

  function list(documented: readonly unknown[], actual: readonly unknown[]): unknown[] {
    const isCut = documented.at(-1) === REST && actual.length >= documented.length;
    const kept = isCut ? actual.slice(0, documented.length - 1) : actual;
    const shown = kept.map((each, index) => value(documented[index], each));
    return isCut ? [...shown, REST] : shown;
  }

  function text(documented: string, actual: string): string {
    if (blanked(documented) !== blanked(actual)) return actual;
    for (const { form, names } of VOLATILE) {
      const [before, now] = [documented.match(form) ?? [], actual.match(form) ?? []];
      const known = before.every((each, index) => (actualOf.get(each) ?? now[index]) === now[index]);
      if (names && !known) return actual;
      before.forEach((each, index) => {
        const found = now[index];
        if (found !== undefined && !actualOf.has(each)) actualOf.set(each, found);
      });
    }
    return documented;
  }

  /** A documented text with the values that this run gave instead of the volatile ones. */
  function actual(documented: string): string {
    return VOLATILE.reduce(
      (result, { form }) => result.replaceAll(form, (each) => actualOf.get(each) ?? each),
      documented,
    );
  }

  return { value, actual };
}

function blanked(text: string): string {
  return VOLATILE.reduce((result, { form }, index) => result.replaceAll(form, `<${index}>`), text);
}
