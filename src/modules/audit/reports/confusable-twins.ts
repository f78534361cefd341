import { serialFold, serialKey } from '../../../kernel/serial.ts';
import { counted, firstOf, quoted } from '../../../kernel/wording.ts';
import type { ItemRecord } from '../../register/index.ts';
import { groupWise } from '../grouped.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { Sortable, SortedGroup } from '../sorting.ts';

/** More twins than anybody would look at. */
const MOST_TWINS = 1_000;
const MOST_NAMED = 5;

/** Items whose serials differ, but read alike: `A0B8` and `AOBB`. */
export const confusableTwins: Report = {
  name: 'confusable-twins',
  title: 'Confusable twins',
  description:
    'Two items of one maker or one kind whose serials differ only in characters that are mistaken for each other (0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B). An officer who reads one may mean the other; one of the two may be a typing error or a forgery.',
  columns: ['fold', 'twins', 'serials', 'makers', 'kinds'],
  source: 'items',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) =>
    groupWise(sources, from, { pages: sources.items(null), sortablesOf, rowsOf, maxValues: MOST_TWINS }),
};

type Twin = readonly [itemId: string, serial: string, maker: string, kind: string, registeredAt: string];

function sortablesOf({ item, head }: ItemRecord): Sortable[] {
  const { itemId, serial, maker, kind, registeredAt } = item;
  return [serial, ...(head.marks ?? [])].map((mark) => ({
    group: mark === serial ? item.serialFold : serialFold(mark),
    value: JSON.stringify([itemId, mark, maker, kind, registeredAt] satisfies Twin),
  }));
}

function rowsOf({ group, values, count }: SortedGroup): AuditRow[] {
  if (count < 2) return [];
  const all = values.map((value) => JSON.parse(value) as Twin);
  const twins = [...new Set([...alikeIn(all, 2), ...alikeIn(all, 3)])];
  if (twins.length === 0) return [];
  const ids = [...new Set(twins.map(([itemId]) => itemId))];
  const of = (field: 1 | 2 | 3): string[] => [...new Set(twins.map((twin) => twin[field]))];
  const serials = of(1);
  const at = twins.reduce((latest, twin) => (twin[4] > latest ? twin[4] : latest), '');
  const row: AuditRow = {
    key: group,
    code: 'confusable-twin',
    because: `${counted(ids.length, 'item')} of serials that read alike: ${firstOf(serials.map(quoted), MOST_NAMED)}.${count > values.length ? ` Only the first ${values.length} of ${count} marks were compared.` : ''}`,
    at,
    facts: {
      fold: group,
      twins: ids.length,
      serials: serials.slice(0, MOST_NAMED).join(' | '),
      makers: of(2).slice(0, MOST_NAMED).join(' '),
      kinds: of(3).slice(0, MOST_NAMED).join(' '),
    },
    evidence: evidenceOf({ items: ids }),
  };
  return [row];
}

/** Those that share a maker (2) or a kind (3) with another item of another serial. */
function alikeIn(twins: readonly Twin[], field: 2 | 3): Twin[] {
  const groups = new Map<string, Twin[]>();
  for (const twin of twins) {
    const group = groups.get(twin[field]) ?? [];
    groups.set(twin[field], group);
    group.push(twin);
  }
  const isOfSeveral = (some: readonly Twin[]): boolean =>
    new Set(some.map(([itemId]) => itemId)).size > 1 &&
    new Set(some.map((twin) => serialKey(twin[1]))).size > 1;
  return [...groups.values()].filter(isOfSeveral).flat();
}
