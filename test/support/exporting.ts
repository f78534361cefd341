import type { Actor } from '../../src/kernel/actor.ts';
import { createRegistry } from '../../src/main/registry.ts';
import type { Stores } from '../../src/main/stores.ts';
import type { LineInput } from '../../src/modules/declarations/declaration.ts';
import type { CheckedLine } from '../../src/modules/exports/index.ts';
import { createExportCheck, createExportService, exportLines } from '../../src/modules/exports/index.ts';
import { EXPORTER, filing } from './declarations.ts';
import { createMemoryStores, noRecords } from './memory-stores.ts';
import { createSeededRandom, createTestClock } from './times.ts';
import { catalogue } from './world.ts';

/** A line of an export, of which it has one member, or `item` and `history`. */
export interface Line {
  readonly declaration?: { readonly id: string; readonly org: string };
  readonly item?: { readonly itemId: string; readonly serial: string };
  readonly history?: readonly { readonly seq: number; readonly org?: string; readonly actor: object }[];
  readonly part?: { readonly no: number; readonly records: number; readonly cursor: string };
  readonly manifest?: Readonly<Record<string, unknown>>;
}

const RECORDS_A_PART = 3;

/** A registry over stores in memory, which give few records at a time, with exports in small parts. */
export function openExporting(stores: Stores = createMemoryStores(noRecords())) {
  const clock = createTestClock();
  const registry = createRegistry({
    stores,
    catalogue,
    requests: { request: () => Promise.resolve() },
    clock,
    random: createSeededRandom(),
    expiryDays: 180,
    deferred: (error) => {
      throw error;
    },
  });
  const { register, declarations, registerId } = stores;
  const service = createExportService({
    register,
    declarations,
    registerId,
    clock,
    recordsAPart: RECORDS_A_PART,
  });

  /** Files parts of these serials. @returns the id of the declaration */
  async function file(reference: string, serials: readonly string[], as: Actor = EXPORTER): Promise<string> {
    clock.pass(1_000);
    const items = serials.map((serial): LineInput => ({ kind: 'die', maker: 'PTK', serial }));
    const body = filing({ reference, items });
    const { declaration } = await registry.declarations.file(as, body, {
      key: reference,
      bodyHash: reference,
    });
    return declaration.id;
  }

  /** All of an export, or the rest of it. */
  async function exported(as: Actor, asked: { org?: string; cursor?: string } = {}): Promise<string> {
    const opened = service.open(as, asked);
    try {
      let text = '';
      for (let lines = await opened.next(); lines !== null; lines = await opened.next())
        text += lines.toString();
      return text;
    } finally {
      opened.close();
    }
  }

  return { stores, clock, registry, service, file, exported };
}

export function linesIn(text: string): Line[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** What a check of every record finds wrong, each with its line. */
export async function faultsIn(text: string, deep = true): Promise<string[]> {
  const check = createExportCheck({ deep });
  const faults: string[] = [];
  const note = ({ line, faults: found }: Pick<CheckedLine, 'line' | 'faults'>): void =>
    void faults.push(...found.map((fault) => `${line}: ${fault}`));
  async function* chunks() {
    // Cut anywhere.
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
  }
  for await (const line of exportLines(chunks())) note(check.take(line));
  note({ line: -1, faults: check.missing() });
  return faults;
}
