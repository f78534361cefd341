import { expect } from 'chai';
import type { AuditRunParts, RunPart, RunPartKey } from '../../src/modules/audit/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { runPartWith } from '../support/records.ts';

const nameOf = ({ runId, attempt, kind, no }: RunPartKey): string => `${runId} ${attempt} ${kind} ${no}`;

onEveryEngine('AuditRunParts', (opened) => {
  let parts: AuditRunParts;
  beforeEach(() => {
    parts = opened().stores.auditRunParts;
  });

  it('keeps rows to the letter, durably', async () => {
    const part = runPartWith(1, { content: JSON.stringify(['序號 \u{1D400} "\\', 'x'.repeat(500_000)]) });
    await parts.add([part, runPartWith(2, { content: '[]' })]);
    for (const each of [parts, (await opened().again()).auditRunParts]) {
      expect(await each.find(part)).to.deep.equal(part);
      expect((await each.find(runPartWith(2)))?.content).to.equal('[]');
      expect(await each.find(runPartWith(3))).to.equal(null);
      expect(await each.find(runPartWith(1, { attempt: 2 }))).to.equal(null);
      expect(await each.find(runPartWith(1, { kind: 'gone' }))).to.equal(null);
    }
    await parts.add([]);
    expect(await parts.count()).to.equal(2);
  });

  it('keeps a part as it came first', async () => {
    await parts.add([runPartWith(1)]);
    await parts.add([runPartWith(1, { content: '[9]' }), runPartWith(2)]);
    expect(await parts.find(runPartWith(1))).to.deep.equal(runPartWith(1));
    expect(await parts.find(runPartWith(2))).to.deep.equal(runPartWith(2));
  });

  it('takes away those of earlier attempts of one run', async () => {
    const early = [1, 2].flatMap((attempt) =>
      Array.from({ length: 40 }, (_, no) => runPartWith(no + 1, { attempt })),
    );
    const stay: RunPart[] = [
      runPartWith(1, { attempt: 3 }),
      runPartWith(1, { attempt: 12 }),
      runPartWith(1, { runId: 'aud_00002' }),
    ];
    await parts.add([...early, runPartWith(1, { kind: 'gone' }), ...stay]);
    await parts.drop('aud_00001', 3);
    expect((await parts.page(null, 100)).map(nameOf)).to.have.members(stay.map(nameOf));
    await parts.drop('aud_00001', 13);
    expect((await parts.page(null, 100)).map(nameOf)).to.deep.equal([nameOf(stay[2]!)]);
  });

  it('hands all out in order of run, attempt, kind and number', async () => {
    const all = [
      runPartWith(2),
      runPartWith(10),
      runPartWith(1, { kind: 'gone' }),
      runPartWith(1, { attempt: 2 }),
      runPartWith(1, { attempt: 10 }),
      runPartWith(1, { runId: 'aud_00002' }),
    ];
    await parts.add([...all].reverse());
    expect((await parts.page(null, 4)).map(nameOf)).to.deep.equal(all.slice(0, 4).map(nameOf));
    expect((await parts.page(all[3]!, 4)).map(nameOf)).to.deep.equal(all.slice(4).map(nameOf));
    expect(await parts.page(all[5]!, 4)).to.deep.equal([]);
  });
});
