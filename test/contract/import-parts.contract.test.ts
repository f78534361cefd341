import { expect } from 'chai';
import type { ImportPart, ImportParts, PartKey } from '../../src/modules/imports/index.ts';
import { onEveryEngine } from '../support/engines.ts';

const part = (no: number, facts: Partial<ImportPart> = {}): ImportPart => ({
  importId: 'imp_1',
  kind: 'file',
  no,
  content: Buffer.from(`part ${no}`),
  ...facts,
});
const nameOf = ({ importId, kind, no }: PartKey): string => `${importId} ${kind} ${no}`;

onEveryEngine('ImportParts', (opened) => {
  let parts: ImportParts;
  beforeEach(() => {
    parts = opened().stores.importParts;
  });
  const numbers = async (
    importId: string,
    kind: ImportPart['kind'],
    no: number,
    limit = 10,
  ): Promise<number[]> => (await parts.after(importId, kind, no, limit)).map((each) => each.no);

  it('keeps bytes to the letter, durably', async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7) % 256));
    await parts.add([part(1, { content: bytes }), part(2, { content: Buffer.alloc(0) })]);
    for (const each of [parts, (await opened().again()).importParts]) {
      const [first, second] = await each.after('imp_1', 'file', 0, 10);
      expect(first?.content.equals(bytes)).to.equal(true);
      expect(second?.content.length).to.equal(0);
    }
    await parts.add([]);
    expect(await parts.count()).to.equal(2);
  });

  it('keeps a part as it came first', async () => {
    await parts.add([part(1)]);
    await parts.add([part(1, { content: Buffer.from('other') }), part(2)]);
    const kept = await parts.after('imp_1', 'file', 0, 10);
    expect(kept.map(({ content }) => content.toString())).to.deep.equal(['part 1', 'part 2']);
  });

  it('hands out those of one import and kind, in order of number', async () => {
    const many = [20, 3, 100, 2 ** 40, 1].map((no) => part(no));
    await parts.add([...many, part(5, { kind: 'refused' }), part(6, { importId: 'imp_2' })]);
    expect(await numbers('imp_1', 'file', 0)).to.deep.equal([1, 3, 20, 100, 2 ** 40]);
    expect(await numbers('imp_1', 'file', 3, 2)).to.deep.equal([20, 100]);
    expect(await numbers('imp_1', 'refused', 0)).to.deep.equal([5]);
    expect(await numbers('imp_1', 'accepted', 0)).to.deep.equal([]);
    expect(await numbers('imp_2', 'file', 5)).to.deep.equal([6]);
  });

  it('takes away those of one import and kind after a number', async () => {
    const many = Array.from({ length: 200 }, (_, no) => part(no + 1));
    await parts.add([...many, part(50, { kind: 'accepted' }), part(50, { importId: 'imp_2' })]);
    await parts.drop('imp_1', 'file', 3);
    expect(await numbers('imp_1', 'file', 0)).to.deep.equal([1, 2, 3]);
    expect(await numbers('imp_1', 'accepted', 0)).to.deep.equal([50]);
    expect(await numbers('imp_2', 'file', 0)).to.deep.equal([50]);
    await parts.drop('imp_1', 'file', 0);
    expect(await numbers('imp_1', 'file', 0)).to.deep.equal([]);
  });

  it('hands all out in order of import, kind and number', async () => {
    const all = [
      part(9, { kind: 'accepted' }),
      part(2),
      part(10),
      part(1, { kind: 'refused' }),
      part(1, { importId: 'imp_2', kind: 'accepted' }),
    ];
    await parts.add([...all].reverse());
    expect((await parts.page(null, 3)).map(nameOf)).to.deep.equal(all.slice(0, 3).map(nameOf));
    expect((await parts.page(all[2]!, 3)).map(nameOf)).to.deep.equal(all.slice(3).map(nameOf));
    expect(await parts.page(all[4]!, 3)).to.deep.equal([]);
  });
});
