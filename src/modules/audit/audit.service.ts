import type { Clock, Instant } from '../../kernel/clock.ts';
import { decodeCursor, encodeCursor, invalidCursor } from '../../kernel/cursor.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Catalogue, Screening } from '../catalogue/index.ts';
import type { DeclarationStore } from '../declarations/index.ts';
import type { LookupLog } from '../lookup/index.ts';
import type { RegisterStore } from '../register/index.ts';
import type { AuditSettings, Report, Source } from './report.ts';
import type { AuditRow, Step } from './row.ts';
import { reportOf, REPORTS } from './reports.ts';
import type { OpenSorting } from './sorting.ts';
import { createSources } from './sources.ts';

export interface AuditParts {
  readonly register: RegisterStore;
  readonly declarations: DeclarationStore;
  readonly lookupLog: LookupLog;
  readonly catalogue: Catalogue;
  readonly screening: Screening;
  readonly clock: Clock;
  readonly openSorting: OpenSorting;
}

export interface AuditRequest {
  readonly report: string;
  readonly settings: AuditSettings;
  /** Of the last row that was seen: goes on after it. */
  readonly cursor?: string;
}

/** What is known of a report before it has found anything. */
export interface AuditBeginning {
  readonly report: Report;
  /** With what holds where nothing was asked for. */
  readonly settings: AuditSettings;
  readonly now: Instant;
  /** How many records are going to be read; may be an estimate. */
  readonly total: number;
}

/** A piece of a report, as it comes. */
export interface AuditPiece {
  readonly rows: readonly { readonly row: AuditRow; readonly cursor: string }[];
  /** How many of `total` have been read so far. */
  readonly read: number;
  /** Leads on after this piece. */
  readonly cursor: string;
}

/** Where the pieces of a report go. */
export interface AuditReader {
  begin(beginning: AuditBeginning): void | Promise<void>;
  /** False when nobody wants any more of it. */
  take(piece: AuditPiece): Promise<boolean>;
  /** Does a piece of work when it is its turn among everything that the process does. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** So many reports run at a time in one process; each takes some memory and much of a processor. */
const AT_ONCE = 2;
const BUSY_SECONDS = 10;
const CURSOR = ['string', 'string', 'string'] as const;

export type AuditService = ReturnType<typeof createAuditService>;

/** Reports over the whole register, for those who may see all of it. */
export function createAuditService(parts: AuditParts) {
  const { clock, register, declarations, lookupLog } = parts;
  const counts: Readonly<Record<Source, () => Promise<number>>> = {
    items: () => register.countItems(),
    declarations: () => declarations.count(),
    lookups: () => lookupLog.count(),
  };
  let running = 0;

  /**
   * The report that is asked for, and the settings that hold then.
   * @throws Failure `not-found`, `unknown-regime`, `invalid` for settings that the report doesn't heed
   */
  function checked(request: Omit<AuditRequest, 'cursor'>): { report: Report; settings: AuditSettings } {
    const report = reportOf(request.report);
    refuseUnheeded(report, request.settings);
    const settings = { ...report.defaults, ...request.settings };
    refuseUnknownRegime(settings);
    return { report, settings };
  }

  /**
   * Runs a report to its end, or until its reader has enough of it.
   * @returns false when it was not run to its end
   * @throws Failure `not-found`, `invalid`, `cursor-invalid`, `unknown-regime`, `audits-busy`; whatever `reader` throws
   */
  async function run(request: AuditRequest, reader: AuditReader): Promise<boolean> {
    const { report, settings } = checked(request);
    const scope = scopeOf(report, settings);
    const from = startOf(scope, request.cursor);
    if (running >= AT_ONCE) {
      const message = `${AT_ONCE} reports are running; try again.`;
      throw new Failure('unavailable', 'audits-busy', message, { retryAfterSeconds: BUSY_SECONDS });
    }
    running += 1;
    try {
      return await runFrom({ report, settings, scope }, from, reader);
    } finally {
      running -= 1;
    }
  }

  async function runFrom(
    { report, settings, scope }: Asked,
    from: Start,
    reader: AuditReader,
  ): Promise<boolean> {
    const now = clock.now();
    const { inTurn } = reader;
    const sources = createSources({ ...parts, now });
    const steps = report.run(sources, settings, from.position === '' ? null : from.position);
    try {
      const total = await inTurn(counts[report.source]);
      await reader.begin({ report, settings, now, total });
      let { position, seenKey } = from;
      for (let read = 0; ;) {
        const next = await inTurn(() => steps.next());
        if (next.done === true) return true;
        const step: Step = next.value;
        read += step.read;
        const fresh = unseen(step.rows, seenKey);
        if (fresh.length < step.rows.length) seenKey = '';
        const rows = fresh.map((row, index) => {
          const isLast = index === fresh.length - 1;
          const after = isLast ? [step.position, seenKey] : [position, row.key];
          return { row, cursor: encodeCursor([scope, ...after]) };
        });
        position = step.position;
        const cursor = encodeCursor([scope, position, seenKey]);
        if (!(await reader.take({ rows, read, cursor }))) return false;
      }
    } finally {
      await steps.return();
    }
  }

  function refuseUnknownRegime({ regime }: AuditSettings): void {
    if (regime === undefined || parts.catalogue.findRegime(regime) !== null) return;
    const message = 'names no regime of the catalogue';
    throw new Failure('invalid', 'unknown-regime', 'The regime is not known.', {
      faults: [{ field: 'regime', code: 'unknown-regime', message }],
    });
  }

  return { reports: REPORTS, checked, run };
}

function refuseUnheeded({ heeds }: Report, settings: AuditSettings): void {
  const names = Object.keys(settings).filter((name) => !heeds.some((heeded) => heeded === name));
  if (names.length === 0) return;
  throw new Failure('invalid', 'invalid', 'The report does not heed all of these settings.', {
    faults: names.map((field) => ({ field, code: 'unheeded', message: 'is not heeded by this report' })),
  });
}

interface Asked {
  readonly report: Report;
  readonly settings: AuditSettings;
  readonly scope: string;
}

/** What a cursor is good for: this report told so, and no other. */
function scopeOf({ name }: Report, settings: AuditSettings): string {
  const told = Object.entries(settings).map(([setting, value]) => `${setting}=${String(value)}`);
  return told.length === 0 ? name : `${name}?${told.sort().join('&')}`;
}

interface Start {
  readonly position: string;
  /** Of the last row that was seen after that position; empty: none. */
  readonly seenKey: string;
}

/** @throws Failure `cursor-invalid` */
function startOf(scope: string, cursor: string | undefined): Start {
  if (cursor === undefined) return { position: '', seenKey: '' };
  const [given, position, seenKey] = decodeCursor(cursor, CURSOR);
  if (given !== scope) throw invalidCursor();
  return { position: String(position), seenKey: String(seenKey) };
}

/** The rows after the one that was seen; all of them when it isn't among them. */
function unseen(rows: readonly AuditRow[], seenKey: string): readonly AuditRow[] {
  return seenKey === '' ? rows : rows.slice(rows.findIndex(({ key }) => key === seenKey) + 1);
}
