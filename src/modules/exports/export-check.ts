import { createHash } from 'node:crypto';
import type { Manifest, Part, Totals } from './export.ts';
import { BEGINNINGS, chained, NOTHING } from './export.ts';
import type { ExportLine } from './export-lines.ts';
import { createRecordCheck } from './record-check.ts';

/** How far a check has come: to the end of a part. */
export interface CheckedUpTo extends Totals {
  /** How many lines that were. */
  readonly lines: number;
}

export interface CheckedLine {
  readonly kind: keyof typeof BEGINNINGS | 'unknown';
  /** Of the whole export, counted from 1. */
  readonly line: number;
  /** What is wrong, each a sentence. */
  readonly faults: readonly string[];
  /** Of a part. */
  readonly cursor?: string;
  readonly manifest?: Manifest;
}

export interface ExportCheck {
  /** Takes the next line. */
  take(line: ExportLine): CheckedLine;
  /** What is missing at the end of the text. */
  missing(): readonly string[];
  /** Where the last part ended. */
  upTo(): CheckedUpTo;
  /** Records that were seen. */
  records(): number;
}

const NO_LINES: CheckedUpTo = { ...NOTHING, lines: 0 };
const KINDS = Object.entries(BEGINNINGS) as [keyof typeof BEGINNINGS, string][];
const LONGEST = Math.max(...KINDS.map(([, beginning]) => beginning.length));
const COUNTED = ['parts', 'declarations', 'items', 'events'] as const;

/**
 * Checks an export line by line: what came, in order, against the SHA-256 of its parts, their chain and the counts of
 * the manifest.
 * @param deep look into each record, too: every event against its digest and its place. Takes many times as long
 * @param from where an export goes on that was checked so far
 */
export function createExportCheck({
  deep,
  from = NO_LINES,
}: {
  deep: boolean;
  from?: CheckedUpTo;
}): ExportCheck {
  const recordCheck = deep ? createRecordCheck() : null;
  let end = from;
  let counts = { declarations: from.declarations, items: from.items, events: from.events };
  let hash = createHash('sha256');
  let records = 0;
  let lines = 0;
  let isOver = false;

  function takeRecord(kind: 'declaration' | 'item', bytes: Buffer): string[] {
    hash.update(bytes).update('\n');
    records += 1;
    const field = kind === 'item' ? 'items' : 'declarations';
    counts = { ...counts, [field]: counts[field] + 1 };
    if (recordCheck === null) return [];
    const { events, faults } = recordCheck.take(kind, bytes, from.lines + lines);
    counts = { ...counts, events: counts.events + events };
    return faults;
  }

  function takePart(bytes: Buffer): { faults: string[]; cursor?: string } {
    const part = memberOf<Part>(bytes, 'part');
    const sha256 = hash.digest('hex');
    const [no, seen] = [end.parts + 1, records];
    hash = createHash('sha256');
    records = 0;
    if (part === null) return { faults: ['The line of the part can not be read.'] };
    // What follows is measured by what the line says, so that one fault is told once.
    end = {
      ...counts,
      parts: part.no,
      sha256: chained(end.sha256, part.sha256),
      lines: from.lines + lines,
    };
    const faults = [
      ...(part.no === no ? [] : [`This is part ${String(part.no)}, and it should be part ${no}.`]),
      ...(part.records === seen
        ? []
        : [`Part ${String(part.no)} should have ${String(part.records)} records, and has ${seen}.`]),
      ...(part.sha256 === sha256
        ? []
        : [`Part ${String(part.no)}, which ends here, is not what its SHA-256 says.`]),
    ];
    return { faults, cursor: String(part.cursor) };
  }

  function takeManifest(bytes: Buffer): { faults: string[]; manifest?: Manifest } {
    isOver = true;
    const manifest = memberOf<Manifest>(bytes, 'manifest');
    if (manifest === null) return { faults: ['The manifest can not be read.'] };
    const found = { ...counts, parts: end.parts };
    const wrong = COUNTED.filter((name) => (deep || name !== 'events') && manifest[name] !== found[name]);
    const faults = [
      ...(records === 0 ? [] : [`${records} records before the manifest belong to no part.`]),
      ...wrong.map(
        (name) => `The manifest counts ${String(manifest[name])} ${name}, and there are ${found[name]}.`,
      ),
      ...(manifest.sha256 === end.sha256 ? [] : ['The parts are not those that the manifest was made of.']),
      ...(manifest.histories === 'whole' ? (recordCheck?.wanting() ?? []) : []),
    ];
    return { faults, manifest };
  }

  function check({ bytes, isCut }: ExportLine): Omit<CheckedLine, 'line'> {
    const kind = bytes === null ? 'unknown' : kindOf(bytes);
    if (isCut) return { kind, faults: ['The text ends in the middle of this line.'] };
    if (bytes === null || kind === 'unknown') return { kind, faults: ['This is no line of an export.'] };
    if (isOver) return { kind, faults: ['There is something behind the manifest.'] };
    if (kind === 'part') return { kind, ...takePart(bytes) };
    if (kind === 'manifest') return { kind, ...takeManifest(bytes) };
    return { kind, faults: takeRecord(kind, bytes) };
  }

  return {
    take(given) {
      const isNext = given.line === lines + 1;
      lines = given.line;
      const checked = check(given);
      const faults = isNext ? checked.faults : ['There is an empty line before this one.', ...checked.faults];
      return { ...checked, line: from.lines + lines, faults };
    },
    missing: () => (isOver ? [] : ['The manifest is missing: this is not all of the export.']),
    upTo: () => end,
    records: () => counts.declarations + counts.items,
  };
}

function kindOf(bytes: Buffer): CheckedLine['kind'] {
  const start = bytes.toString('latin1', 0, LONGEST);
  return KINDS.find(([, beginning]) => start.startsWith(beginning))?.[0] ?? 'unknown';
}

/** Members that aren't what they should be are found out when they are compared. */
function memberOf<T extends { sha256: string }>(bytes: Buffer, name: string): T | null {
  try {
    const value = (JSON.parse(bytes.toString('utf8')) as Record<string, T | null | undefined>)[name];
    return typeof value?.sha256 === 'string' ? value : null;
  } catch {
    return null;
  }
}
