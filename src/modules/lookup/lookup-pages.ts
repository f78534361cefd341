import { DAY_MS, shifted } from '../../kernel/clock.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { LookupLog, LookupLogEntry } from './lookup.ports.ts';

/** A span of time is made so long that it holds about so many entries, and a page so many at most. */
const WANTED = 500;
const LIMIT = 1_000;
const LONGER = 8;
/** What comes later than that is looked for without end. */
const LONGEST_MS = 100 * 365 * DAY_MS;

/**
 * All of a look-up log in order, or what was added to it from one instant to another, a span of time after the other. A log can be long, and there are servers that sort
 * for each page anew all that the query leaves.
 */
export async function* lookupPages(
  log: Pick<LookupLog, 'list'>,
  range: { readonly since?: Instant; readonly until?: Instant } = {},
): AsyncGenerator<readonly LookupLogEntry[], void, void> {
  const [first] = await log.list({ ...range, limit: 1 });
  if (first === undefined) return;
  let since = first.at;
  let spanMs = DAY_MS;
  for (;;) {
    const end = spanMs < LONGEST_MS ? shifted(since, spanMs) : null;
    const isLast = range.until !== undefined && (end === null || end >= range.until);
    const until = isLast ? range.until : end;
    let count = 0;
    for await (const page of pagesOfSpan(log, since, until)) {
      count += page.length;
      yield page;
    }
    if (until === null || isLast) return;
    since = shifted(until, 1); // an instant has no finer parts
    spanMs = count === 0 ? spanMs * LONGER : Math.max(1, Math.ceil((spanMs * WANTED) / count));
  }
}

/** Those of one span, its ends included; one page where it isn't fuller than expected. */
async function* pagesOfSpan(
  log: Pick<LookupLog, 'list'>,
  since: string,
  until: string | null,
): AsyncGenerator<readonly LookupLogEntry[], void, void> {
  const span = { ...(until === null ? {} : { until }), limit: LIMIT };
  let page = await log.list({ since, ...span });
  while (page.length > 0) {
    yield page;
    const last = page.at(-1);
    page = last === undefined || page.length < LIMIT ? [] : await log.list({ after: last, ...span });
  }
}
