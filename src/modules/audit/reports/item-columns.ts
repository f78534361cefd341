import { quoted } from '../../../kernel/wording.ts';
import type { Item } from '../../register/index.ts';
import type { AuditRow } from '../row.ts';

type Named = Pick<Item, 'serial' | 'maker' | 'kind'>;

/** The columns that say which item a row is about. */
export const ITEM_COLUMNS = ['serial', 'maker', 'kind'] as const;

export function itemFacts({ serial, maker, kind }: Named): AuditRow['facts'] {
  return { serial, maker, kind };
}

/** Such as `upper punch "ZP33-2025-00417" of ptk`. */
export function nameOf({ serial, maker, kind }: Named): string {
  return `${kind.replaceAll('-', ' ')} ${quoted(serial)} of ${maker}`;
}
