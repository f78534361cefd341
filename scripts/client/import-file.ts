import { createWriteStream, openAsBlob } from 'node:fs';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startProgress } from '../terminal/progress.ts';
import type { Access } from './api.ts';
import { ask, call } from './api.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.csv': 'text/csv',
  '.tsv': 'text/csv',
  '.txt': 'text/csv',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const LOOK_EVERY_MS = 500;
const ENDS = ['completed', 'refused', 'failed'];

export interface ImportView {
  readonly id: string;
  readonly status: string;
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  readonly rowsRefused: number;
  readonly declarationsFiled: number;
  readonly declarationsUnchanged: number;
  readonly problem?: { readonly code: string; readonly message: string; readonly line?: number };
}

export interface ImportOptions {
  readonly onError: string;
  readonly mapping?: string;
  /** Takes the refused rows, when there are any. */
  readonly refused?: string;
}

/** The media type of a file by its name; null when it has none that can be imported. */
export function typeOf(file: string): string | null {
  return TYPES[extname(file).toLowerCase()] ?? null;
}

/** Sends a file and waits until it is imported. Sent again after a break, it goes on. @throws Refused */
export async function importFile(
  access: Access,
  file: string,
  type: string,
  options: ImportOptions,
): Promise<ImportView> {
  const { onError, mapping, refused } = options;
  const query = new URLSearchParams({ onError, ...(mapping === undefined ? {} : { mapping }) });
  const sent = { method: 'POST', type, body: await openAsBlob(file) } as const;
  const { id } = await ask<ImportView>(access, `/v1/imports?${query.toString()}`, sent);
  const done = await finished(access, id);
  if (refused !== undefined && done.rowsRefused > 0) {
    const format = type === 'application/x-ndjson' ? 'ndjson' : 'csv';
    const { body } = await call(access, `/v1/imports/${id}/refused.${format}`);
    if (body !== null) await pipeline(Readable.fromWeb(body), createWriteStream(refused));
  }
  return done;
}

async function finished(access: Access, id: string): Promise<ImportView> {
  let bar: ReturnType<typeof startProgress> | undefined;
  try {
    for (;;) {
      const seen = await ask<ImportView>(access, `/v1/imports/${id}`);
      if (ENDS.includes(seen.status)) return seen;
      if (seen.status === 'filing') {
        bar ??= startProgress(seen.rowsRead, 'rows', 'Filing');
        bar.update(seen.rowsAccepted + seen.rowsRefused);
      }
      await delay(LOOK_EVERY_MS);
    }
  } finally {
    bar?.stop();
  }
}

/** What became of the file, in words. */
export function importReport(done: ImportView): string {
  const {
    id,
    status,
    rowsRead,
    rowsAccepted,
    rowsRefused,
    declarationsFiled,
    declarationsUnchanged,
    problem,
  } = done;
  const why = problem === undefined ? '' : `: ${problem.message}`;
  return [
    `${id} is ${status}${why}`,
    `${rowsRead} rows read, ${rowsAccepted} accepted, ${rowsRefused} refused`,
    `${declarationsFiled} declarations filed, ${declarationsUnchanged} filed before`,
  ].join('\n');
}
