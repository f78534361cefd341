import { expect } from 'chai';
import type { Answer, App, FiledView, ProblemView } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { EXPORTER, filing, OFFICER } from '../support/declarations.ts';
import { dieFiling } from '../support/kits.ts';
import { tally } from '../support/engines.ts';
import { DUPLICATE_FORMS, duplicatesTold, NOT_PRIMARY, WTIMEOUT } from '../support/mongo-answers.ts';
import type { Part } from '../support/mongo-wire-proxy.ts';
import { throughWire } from '../support/wired.ts';

const INSERT = { command: 'insert', collection: 'declarations' };

throughWire('filings whose write is told in other ways', function (wired) {
  this.timeout(120_000);
  let app: App;
  before(async () => {
    app = await startApp({ DATABASE_URL: wired().proxy.url });
  });
  after(() => app.close());

  const file = (json: unknown, key?: string) =>
    app.post<FiledView & ProblemView>('/v1/declarations', EXPORTER, json, key);
  const isReplayed = ({ headers }: Answer<unknown>): boolean => headers.get('idempotent-replayed') === 'true';
  const filed = async (): Promise<number> =>
    (await app.get<{ declarations: unknown[] }>('/v1/declarations', EXPORTER)).body.declarations.length;

  for (const form of DUPLICATE_FORMS) {
    describe(`duplicates in the form of ${form}`, () => {
      beforeEach(() =>
        wired().proxy.play({ ...INSERT, times: Infinity }, duplicatesTold(form, wired().keysOf)),
      );

      it('are a replay of the same filing under the same key', async () => {
        const first = await file(filing(), 'k-1');
        const again = await file(filing(), 'k-1');
        expect([first.status, isReplayed(first), again.status, isReplayed(again)]).to.deep.equal([
          201,
          false,
          201,
          true,
        ]);
        expect(again.body).to.deep.equal(first.body);
        expect(await filed()).to.equal(1);
      });

      it('are a conflict for another filing under the same key, and for one under the same reference', async () => {
        await file(filing(), 'k-1');
        const other = await file(filing({ reference: 'INV-2' }), 'k-1');
        expect([other.status, other.body.code]).to.deep.equal([409, 'idempotency-mismatch']);
        for (const key of ['k-2', undefined]) {
          const taken = await file(filing({ endUse: 'Another' }), key);
          expect([taken.status, taken.body.code]).to.deep.equal([409, 'reference-taken']);
        }
        expect(await filed()).to.equal(1);
      });

      it('leave one of 16 that come at once', async () => {
        const answers = await Promise.all(Array.from({ length: 16 }, () => file(filing(), 'k-1')));
        expect(tally(answers.map(({ status }) => String(status)))).to.deep.equal({ 201: 16 });
        expect(tally(answers.map(isReplayed))).to.deep.equal({ false: 1, true: 15 });
        expect(new Set(answers.map(({ body }) => body.id)).size).to.equal(1);
        expect(await filed()).to.equal(1);
      });
    });
  }

  for (const [title, part, times] of [
    ['the driver had to send twice', { answerLost: 'cut' }, 1],
    ['got no answer', { answerLost: 'cut' }, 2],
    ['was confirmed too late', WTIMEOUT, 1],
  ] as const satisfies readonly (readonly [string, Part, number])[]) {
    for (const key of ['k-1', undefined]) {
      it(`are taken, ${key === undefined ? 'without' : 'with'} a key, when the write ${title}`, async () => {
        wired().proxy.play({ ...INSERT, times }, part);
        const answer = await file(dieFiling('INV-1'), key);
        expect([answer.status, isReplayed(answer)]).to.deep.equal([201, false]);
        const path = `/v1/items/${answer.body.items[0]!.itemId}/history`;
        const events = await until(async () => {
          const { body } = await app.get<{ events: { type: string }[] }>(path, OFFICER);
          return body.events.length < 3 ? null : body.events;
        });
        expect(events.map(({ type }) => type)).to.deep.equal(['registered', 'declared', 'verified']);
        expect(await filed()).to.equal(1);
      });
    }
  }

  for (const [title, part] of [
    ['never arrives', { commandLost: 'cut' }],
    ['comes to a server that is no primary any more', NOT_PRIMARY],
  ] as const satisfies readonly (readonly [string, Part])[]) {
    it(`are turned away for now, and leave nothing, when the write ${title}`, async () => {
      wired().proxy.play({ ...INSERT, times: 2 }, part);
      const away = await file(filing(), 'k-1');
      expect([away.status, away.body.code, away.headers.get('retry-after')]).to.deep.equal([
        503,
        'store-away',
        '1',
      ]);
      expect(await filed()).to.equal(0);
      const again = await file(filing(), 'k-1');
      expect([again.status, isReplayed(again)]).to.deep.equal([201, false]);
    });
  }
});
