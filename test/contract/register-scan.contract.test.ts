import { expect } from 'chai';
import type { Item, ItemRecord, RegisterStore, ScannedItems } from '../../src/modules/register/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { failureCode } from '../support/failures.ts';
import { chain, draftWith, itemWith } from '../support/items.ts';

const ids = (found: readonly { item: Item }[]): string[] => found.map(({ item }) => item.itemId);

onEveryEngine('RegisterStore.scan', (opened) => {
  let store: RegisterStore;
  const press = itemWith();
  beforeEach(() => {
    store = opened().stores.register;
  });

  it('of an empty register is at its end', async () => {
    expect(await store.scan(null, 100)).to.deep.equal({ records: [], next: null });
  });

  describe('of some records', () => {
    const many = Array.from({ length: 7 }, (_, index) => itemWith({ kind: 'die', serial: `S-${index}-77` }));
    const scanned = async (limit: number): Promise<ItemRecord[]> => {
      const found: ItemRecord[] = [];
      for (let position: string | null = null; ;) {
        const { records, next }: ScannedItems = await store.scan(position, limit);
        expect(records.length).to.be.at.most(limit);
        found.push(...records);
        if (next === null) return found;
        position = next;
      }
    };

    beforeEach(async () => {
      await store.addItems(many);
      await store.append(
        chain([draftWith(many[2]!.itemId, 'registered'), draftWith(many[2]!.itemId, 'lost')]),
      );
      await store.append(chain([draftWith(many[5]!.itemId, 'registered', { line: 3, detail: { a: 1 } })]));
    });

    it('finds each record once, whole', async () => {
      const expected: ItemRecord[] = [];
      for (let page = await store.page(null, 3); page.length > 0;) {
        expected.push(...page);
        page = await store.page(page.at(-1)!.item.itemId, 3);
      }
      for (const limit of [1, 3, 100]) expect(await scanned(limit)).to.have.deep.members(expected);
      expect(expected).to.have.length(7);
    });

    it('refuses a position that it never gave', async () => {
      for (const position of ['', '0', '7', '-1', '1-itm_other', "itm'", 'd:1', '\u0000']) {
        expect(await failureCode(() => store.scan(position, 3)), position).to.equal('cursor-invalid');
      }
    });

    it('goes on where it was, whatever was appended or added meanwhile', async () => {
      const first = await store.scan(null, 3);
      await store.append(chain([draftWith(many[0]!.itemId, 'registered')]));
      await store.addItems([press]);
      const seen = new Set(ids(first.records));
      for (let { next } = first; next !== null;) {
        const { records, next: after }: ScannedItems = await store.scan(next, 3);
        for (const id of ids(records)) {
          expect(seen).not.to.include(id);
          seen.add(id);
        }
        next = after;
      }
      for (const { itemId } of many) expect(seen).to.include(itemId);
    });
  });
});
