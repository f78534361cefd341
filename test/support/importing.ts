import { createRegistry } from '../../src/main/registry.ts';
import { scratchIn } from '../../src/main/scratch.ts';
import type { Stores } from '../../src/main/stores.ts';
import type { Import, ImportOptions, RowOutcome } from '../../src/modules/imports/import.ts';
import { EXPORTER } from './declarations.ts';
import { temporaryFolder } from './folders.ts';
import type { TestClock } from './times.ts';
import { createSeededRandom, createTestClock } from './times.ts';
import { catalogue } from './world.ts';

export const CSV: ImportOptions = { format: 'csv', onError: 'proceed', mapping: {} };

/** A file as it comes over a connection, in chunks of a few bytes. */
export async function* chunksOf(file: string | Buffer, size = 1_000): AsyncGenerator<Buffer, void, void> {
  const bytes = Buffer.from(file);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** A process that takes files in and imports them, over `stores`. */
export function openImporting(stores: Stores, clock: TestClock = createTestClock(), seed = 'seed') {
  const random = createSeededRandom(seed);
  const registry = createRegistry({
    stores,
    catalogue,
    requests: { request: () => Promise.resolve() },
    clock,
    random,
    expiryDays: 180,
    deferred: () => undefined,
  });
  const { imports } = registry;
  const { work } = registry.importRun(scratchIn(temporaryFolder(), random));

  /** Keeps a file, to be imported. */
  const send = (file: string | Buffer, options: ImportOptions = CSV) =>
    imports.receive(EXPORTER, options, { chunks: chunksOf(file), inTurn: (each) => each() });
  /** Imports what waits. @throws what went wrong */
  async function finish(stopped = () => false): Promise<void> {
    const { errors } = await work(stopped);
    if (errors.length > 0) throw errors[0];
  }
  /** A file and what became of it. */
  async function imported(file: string | Buffer, options: ImportOptions = CSV): Promise<Import> {
    const { import: kept } = await send(file, options);
    await finish();
    return imports.get(EXPORTER, kept.id);
  }
  const rows = async (id: string, outcome: 'accepted' | 'refused'): Promise<readonly RowOutcome[]> =>
    (await imports.rows(EXPORTER, id, { outcome, after: [0, 0], limit: 100_000 })).rows;

  return { registry, imports, send, finish, imported, rows, clock };
}
