import type { ItemEvent } from '../register/index.ts';
import { isIntact } from '../register/index.ts';

interface Found {
  readonly events: number;
  readonly faults: string[];
}

/** Of a record as it should be. */
interface RecordLine {
  readonly declaration?: { readonly id?: unknown } | null;
  readonly item?: { readonly itemId?: unknown } | null;
  readonly history?: readonly unknown[];
}

/** Checks records one by one, each by itself. */
export function createRecordCheck() {
  /** Lines where an event, or its actor, isn't whole: right only in what an exporter gets. */
  const partial: { gap?: number; withheld?: number } = {};

  function checkHistory(itemId: unknown, history: readonly unknown[], line: number): string[] {
    const faults: string[] = [];
    let last = 0;
    for (const each of history) {
      const event = each as ItemEvent | null;
      const { seq, eventId } = event ?? {};
      if (event === null || typeof seq !== 'number' || seq <= last) {
        faults.push(`The events of ${String(itemId)} are not in order of seq.`);
        continue;
      }
      if (seq !== last + 1) partial.gap ??= line;
      last = seq;
      if (event.itemId !== itemId) faults.push(`The event ${String(eventId)} is of another item.`);
      if (!hasWholeActor(event)) partial.withheld ??= line;
      else if (!isAsDigested(event)) faults.push(`The event ${String(eventId)} is not what its digest says.`);
    }
    return faults;
  }

  return {
    take(kind: 'declaration' | 'item', bytes: Buffer, line: number): Found {
      const record = parsed(bytes);
      const { declaration, item, history } = record ?? {};
      const isRight =
        kind === 'item'
          ? typeof item?.itemId === 'string' && Array.isArray(history)
          : typeof declaration?.id === 'string';
      if (!isRight) return { events: 0, faults: [`The line can not be read as ${kind}.`] };
      if (history === undefined) return { events: 0, faults: [] };
      return { events: history.length, faults: checkHistory(item?.itemId, history, line) };
    },
    /** What an export of whole histories lacks. */
    wanting(): string[] {
      const { gap, withheld } = partial;
      return [
        ...(gap === undefined ? [] : [`A history has a gap, first in line ${gap}.`]),
        ...(withheld === undefined ? [] : [`An event does not say who acted, first in line ${withheld}.`]),
      ];
    },
  };
}

function parsed(bytes: Buffer): RecordLine | null {
  try {
    return JSON.parse(bytes.toString('utf8')) as RecordLine;
  } catch {
    return null;
  }
}

/** Exporters aren't told which person of another organisation acted, and so can't work out the digest. */
function hasWholeActor({ actor }: { readonly actor?: { readonly sub?: unknown } | null }): boolean {
  return actor?.sub !== undefined;
}

function isAsDigested(event: ItemEvent): boolean {
  try {
    return isIntact(event);
  } catch {
    return false; // something that no event can hold
  }
}
