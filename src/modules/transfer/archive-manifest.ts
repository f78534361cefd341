import type { Instant } from '../../kernel/clock.ts';
import type { Tally } from './record-digest.ts';
import type { Kind } from './records.ts';
import { KINDS } from './records.ts';

const FORMAT = 'pill-press-registry archive';
const VERSION = 3;

/** The file that holds a kind: a record a line in canonical JSON (RFC 8785), compressed by gzip. */
export const FILES: Readonly<Record<Kind, string>> = {
  declarations: 'declarations.ndjson.gz',
  items: 'items.ndjson.gz',
  refusedFilings: 'refused-filings.ndjson.gz',
  lookups: 'lookups.ndjson.gz',
  imports: 'imports.ndjson.gz',
  importParts: 'import-parts.ndjson.gz',
  auditRuns: 'audit-runs.ndjson.gz',
  auditRunParts: 'audit-run-parts.ndjson.gz',
};

/** What the records of a kind add up to, and the file that holds them. */
export interface ArchivedKind extends Tally {
  /** SHA-256, hexadecimal, of the file as it lies there. `digest` is that of what `gunzip` makes of it. */
  readonly fileDigest: string;
}

/** What an archive holds. It is written last: a folder without it is no archive. */
export interface Manifest {
  readonly registerId: string;
  readonly createdAt: Instant;
  readonly kinds: Readonly<Record<Kind, ArchivedKind>>;
}

export function manifestText(manifest: Manifest): string {
  const { registerId, createdAt, kinds } = manifest;
  const files = KINDS.map((kind) => ({ file: FILES[kind], ...kinds[kind] }));
  return `${JSON.stringify({ format: FORMAT, version: VERSION, registerId, createdAt, files }, null, 2)}\n`;
}

/** @throws Error saying what is wrong with it, as the end of a sentence that names the file */
export function readManifest(text: string): Manifest {
  const found = parsed(text);
  if (found['format'] !== FORMAT) throw new Error('is no list of an archive of this registry');
  if (found['version'] !== VERSION) {
    throw new Error(`is of version ${String(found['version'])}, and this program reads version ${VERSION}`);
  }
  const { registerId, createdAt, files } = found;
  if (typeof registerId !== 'string' || typeof createdAt !== 'string' || !Array.isArray(files)) {
    throw new Error('is damaged');
  }
  const kinds = KINDS.map((kind) => [kind, archivedKind(files, FILES[kind])] as const);
  return { registerId, createdAt, kinds: Object.fromEntries(kinds) as Manifest['kinds'] };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // What it is instead doesn't matter.
  }
  throw new Error('is no JSON object');
}

function archivedKind(files: readonly unknown[], name: string): ArchivedKind {
  for (const each of files as readonly Partial<ArchivedKind & { file: string }>[]) {
    const { file, count, digest, fileDigest } = each;
    if (file !== name) continue;
    if (Number.isSafeInteger(count) && typeof digest === 'string' && typeof fileDigest === 'string') {
      return { count: Number(count), digest, fileDigest };
    }
  }
  throw new Error(`does not tell what ${name} holds`);
}
