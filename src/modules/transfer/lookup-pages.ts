import { DAY_MS, shifted } from '../../kernel/clock.ts';
import type { LookupLog, LookupLogEntry } from '../lookup/index.ts';

/** A span of time is made so long that it holds about so many entries, and a page so many at most. */
const WANTED = 500;
const LIMIT = 1_000;
const LONGER = 8;
/** What comes later than that is looked for without end. */
const LONGEST_MS = 100 * 365 * DAY_MS;

/**
 * All of a look-up log in order, a span of time after the other. A log can be long, and there are servers that sort
 * for each page anew all that the query leaves.
 */
export async function* lookupPages(log: LookupLog): AsyncGenerator<readonly LookupLogEntry[], void, void> {
  const [first] = await log.list({ limit: 1 });
  if (first === undefined) return;
  let since = first.at;
  let spanMs = DAY_MS;
  for (;;) {
    const until = spanMs < LONGEST_MS ? shifted(since, spanMs) : null;
    let count = 0;
    for await (const page of pagesOfSpan(log, since, until)) {
      count += page.length;
      yield page;
    }
    if (until === null) return;
    since = shifted(until, 1); // an instant has no finer parts
    spanMs = count === 0 ? spanMs * LONGER : Math.max(1, Math.ceil((spanMs * WANTED) / count));
  }
}

/** Those of one span, its ends included; one page where it isn't fuller than expected. */
async function* pagesOfSpan(
  log: LookupLog,
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
