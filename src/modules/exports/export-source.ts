import type { Actor } from '../../kernel/actor.ts';
import type { Declaration } from '../declarations/index.ts';
import { declarationView } from '../declarations/index.ts';
import type { ItemRecord } from '../register/index.ts';
import { eventView, itemView } from '../register/index.ts';
import { BEGINNINGS } from './export.ts';

/** Some records as lines, and where to go on. */
export interface Batch {
  /** Each ends with a line feed. */
  readonly lines: string;
  readonly declarations: number;
  readonly items: number;
  readonly events: number;
  /** Null at the end. */
  readonly next: string | null;
}

/** What there is at the end. */
export const NO_MORE: Batch = { lines: '', declarations: 0, items: 0, events: 0, next: null };

/** What an export reads, batch by batch. Reading on from a position given once gives what comes after it, now. */
export interface ExportSource {
  /** @param position empty for the beginning @throws Failure `cursor-invalid` for one that this source never gave */
  read(position: string): Promise<Batch>;
}

export function declarationLine(declaration: Declaration, viewer: Actor): string {
  return `${BEGINNINGS.declaration}${JSON.stringify(declarationView(declaration, viewer))}}\n`;
}

export function itemLine({ item, head, events }: ItemRecord, viewer: Actor): string {
  // Millions of events are seen whole: they are not copied.
  const seen = viewer.role === 'exporter' ? events.map((event) => eventView(event, viewer)) : events;
  return `${BEGINNINGS.item}${JSON.stringify(itemView({ item, head }))},"history":${JSON.stringify(seen)}}\n`;
}

export function eventCount(records: readonly ItemRecord[]): number {
  return records.reduce((sum, { events }) => sum + events.length, 0);
}
