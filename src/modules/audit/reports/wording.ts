import type { Item } from '../../register/index.ts';
import type { AuditRow } from '../row.ts';

/** The columns that say which item a row is about. */
export const ITEM_COLUMNS = ['serial', 'maker', 'kind'] as const;

export function itemFacts({
  serial,
  maker,
  kind,
}: Pick<Item, 'serial' | 'maker' | 'kind'>): AuditRow['facts'] {
  return { serial, maker, kind };
}

/** Such as `upper punch "ZP33-2025-00417" of ptk`. */
export function nameOf({ serial, maker, kind }: Pick<Item, 'serial' | 'maker' | 'kind'>): string {
  return `${kind.replaceAll('-', ' ')} ${JSON.stringify(serial)} of ${maker}`;
}

/** `1 day`, `2 days`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
