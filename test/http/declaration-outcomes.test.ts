import { expect } from 'chai';
import type { App, DeclarationView, EventView, LookupView, ProblemView } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { EXPORTER, filing, OFFICER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { dieFiling } from '../support/kits.ts';

/** A buyer in a country of the catalogue's list of restricted destinations; the goods go elsewhere. */
const DOUBTFUL = { endUser: { name: 'Trading House 9', country: 'KP' } };
/** No regime of Canada's own asks for a serial. */
const CANADIAN = { ...EXPORTER, sub: 'clerk-9', org: 'maple', country: 'CA' };

interface RefusedView {
  readonly refusedFilings: readonly {
    readonly org: string;
    readonly reference: string | null;
    readonly code: string;
    readonly faults: readonly { readonly field: string }[];
    readonly body: string;
  }[];
}

overEngines('what else becomes of declarations, over HTTP', (engine) => {
  let app: App;

  before(async () => {
    app = await startApp({}, { engine });
  });
  after(() => app.close());

  describe('withdrawn', () => {
    it('stays withdrawn, and its item is no longer declared', async () => {
      const { id, items } = await app.file(dieFiling('W-1'));
      await app.checked(id);
      const withdrawal = { reason: 'The buyer cancelled' };
      const path = `/v1/declarations/${id}/withdrawal`;
      const answer = await app.post<DeclarationView>(path, EXPORTER, withdrawal);
      expect(answer.body).to.include({ id, status: 'withdrawn' });
      const again = await app.post<ProblemView>(path, EXPORTER, withdrawal);
      expect(again.body).to.include({ status: 409, code: 'illegal-transition', detail: 'It was withdrawn.' });
      const looked = await app.get<LookupView>(`/v1/lookup?serial=${items[0]?.serial}`, OFFICER);
      expect(looked.body.verdict).to.equal('caution');
      expect(looked.body.reasons.map(({ code }) => code)).to.include('withdrawn');
    });
  });

  describe('not shipped', () => {
    it('is told apart from an arrival', async () => {
      const { id, items } = await app.file(dieFiling('N-1'));
      await app.checked(id);
      await app.post(`/v1/declarations/${id}/exit`, OFFICER, {});
      const body = { outcome: 'not-shipped', reason: 'Left on the quay' };
      const answer = await app.post<DeclarationView>(`/v1/declarations/${id}/arrival`, OFFICER, body);
      expect(answer.body).to.include({ status: 'not-shipped' });
      const item = await app.get<{ status: string }>(`/v1/items/${items[0]?.itemId}`, EXPORTER);
      expect(item.body.status).to.equal('not-shipped');
    });
  });

  describe('in need of review', () => {
    it('is listed page by page, and decided with a reason', async () => {
      const filed = await Promise.all(
        ['R-1', 'R-2', 'R-3', 'R-4', 'R-5'].map((reference) => app.file(dieFiling(reference, DOUBTFUL))),
      );
      const ids = filed.map(({ id }) => id);
      for (const id of ids) expect((await app.checked(id)).status).to.equal('needs-review');
      type Page = { reviews: { declarationId: string; findings: { code: string; level: string }[] }[] };
      const pages = await app.pages<Page>('/v1/reviews?limit=2', REGULATOR);
      expect(pages.map(({ reviews }) => reviews.length)).to.deep.equal([2, 2, 1]);
      const reviews = pages.flatMap((page) => page.reviews);
      expect(reviews.map(({ declarationId }) => declarationId)).to.have.members(ids);
      for (const { findings } of reviews) {
        expect(findings.map(({ code, level }) => `${level} ${code}`)).to.include(
          'warning restricted-destination',
        );
      }
      const [first, second] = ids;
      const yes = { decision: 'verified', reason: 'The licence was seen' };
      const no = { decision: 'refused', reason: 'No such buyer' };
      const path = `/v1/declarations/${first}/decision`;
      const verified = await app.post<DeclarationView>(path, REGULATOR, yes, 'd-1');
      expect(verified.body.status).to.equal('verified');
      expect(verified.body.number).to.be.a('string');
      expect((await app.post(path, REGULATOR, yes, 'd-1')).text).to.equal(verified.text);
      expect((await app.post<ProblemView>(path, REGULATOR, no, 'd-2')).body.code).to.equal(
        'illegal-transition',
      );
      const refused = await app.post<DeclarationView>(`/v1/declarations/${second}/decision`, REGULATOR, no);
      expect(refused.body.status).to.equal('refused');
      expect(refused.body).not.to.have.property('number');
      const left = await app.pages<Page>('/v1/reviews', REGULATOR);
      expect(left.flatMap((page) => page.reviews)).to.have.length(3);
      const seen = await app.get<DeclarationView>(`/v1/declarations/${second}`, EXPORTER);
      expect(seen.body.moves.at(-1)).to.deep.include({ type: 'reviewed', reason: no.reason });
      expect(seen.body.moves.at(-1)?.by).to.deep.equal({ role: 'regulator', country: 'TW' });
      const looked = await app.get<LookupView>('/v1/lookup?serial=NT-R-2-D', OFFICER);
      expect(looked.body.verdict).to.equal('stop');
    });
  });

  describe('refused at the door', () => {
    it('is kept with what was wrong, and found by its own organisation and regulators only', async () => {
      const bad = filing({ reference: 'F-1', destination: 'XX', portOfExit: 'NOWHERE' });
      const shape = await app.post<ProblemView>('/v1/declarations', EXPORTER, bad);
      expect(shape.status).to.equal(422);
      const rule = await app.post<ProblemView>('/v1/declarations', EXPORTER, {
        ...bad,
        reference: 'F-2',
        portOfExit: 'TWKHH',
      });
      expect(rule.body.errors?.map(({ field }) => field)).to.deep.equal(['destination']);
      const own = await app.get<RefusedView>('/v1/refused-filings', EXPORTER);
      expect(own.body.refusedFilings.map(({ reference, org }) => [reference, org])).to.deep.equal([
        ['F-2', 'acme'],
        ['F-1', 'acme'],
      ]);
      const [latest] = own.body.refusedFilings;
      expect(latest?.faults.map(({ field }) => field)).to.deep.equal(['destination']);
      expect(JSON.parse(latest?.body ?? '')).to.include({ reference: 'F-2', destination: 'XX' });
      expect((await app.get<RefusedView>('/v1/refused-filings', RIVAL)).body.refusedFilings).to.deep.equal(
        [],
      );
      const pages = await app.pages<RefusedView>('/v1/refused-filings?limit=1', REGULATOR);
      expect(pages.flatMap((page) => page.refusedFilings)).to.have.length(2);
      const listed = await app.get<{ declarations: { reference: string }[] }>('/v1/declarations', EXPORTER);
      expect(listed.body.declarations.filter(({ reference }) => reference.startsWith('F-'))).to.deep.equal(
        [],
      );
    });
  });

  describe('in other scripts', () => {
    it('has fields whose length counts characters, not halves of them', async () => {
      const filed = await app.file(
        dieFiling('\u{2B823}'.repeat(64), { items: [{ kind: 'die', maker: '金莲', serial: 'U-1' }] }),
      );
      expect(filed.reference).to.equal('\u{2B823}'.repeat(64));
      const long = dieFiling('U-2', { transport: '\u{2B823}'.repeat(61) });
      const answer = await app.post<ProblemView>('/v1/declarations', EXPORTER, long);
      expect(answer.body.errors?.map(({ field, code }) => [field, code])).to.deep.equal([
        ['transport', 'too-long'],
      ]);
    });
  });

  describe('without serials', () => {
    const items = [
      { kind: 'die', maker: 'Natoli' },
      { kind: 'die', maker: 'Natoli' },
    ];

    it('is refused where the regime asks for them, naming each', async () => {
      const answer = await app.post<ProblemView>('/v1/declarations', EXPORTER, dieFiling('M-1', { items }));
      expect(answer.status).to.equal(422);
      const fields = answer.body.errors?.map(({ field }) => field);
      expect(fields).to.deep.equal(['items[0].serial', 'items[1].serial']);
    });

    it('is refused where the regime asks for them and a mark of the registry is given instead', async () => {
      const filed = await app.file(dieFiling('M-0', { items }), CANADIAN);
      const [mark] = filed.items.map(({ serial }) => serial);
      const given = dieFiling('M-0', { items: [{ kind: 'die', maker: 'Natoli', serial: mark ?? '' }] });
      const answer = await app.post<ProblemView>('/v1/declarations', EXPORTER, given);
      expect(answer.body.errors?.map(({ field, code }) => [field, code])).to.deep.equal([
        ['items[0].serial', 'required'],
      ]);
    });

    it('gets marks of the registry where the regime does not, which can be looked up', async () => {
      const body = dieFiling('M-2', { items });
      const filed = await app.file(body, CANADIAN, 'marks');
      const marks = filed.items.map(({ serial }) => serial);
      expect(new Set(marks).size).to.equal(2);
      for (const mark of marks) expect(mark).to.match(/^RM[0-9A-Z]{13}$/);
      expect(await app.file(body, CANADIAN, 'marks')).to.deep.equal(filed);
      const seen = await app.get<DeclarationView>(`/v1/declarations/${filed.id}`, CANADIAN);
      expect(seen.body.items.map(({ assignedMark }) => assignedMark)).to.deep.equal([true, true]);
      const looked = await app.get<LookupView>(`/v1/lookup?serial=${marks[0]?.toLowerCase()}`, OFFICER);
      expect(looked.body.matches[0]?.item.serial).to.equal(marks[0]);
    });
  });

  describe('told of with dates', () => {
    it('take instants with an offset, and none before the filing', async () => {
      const { id, items } = await app.file(dieFiling('T-1'));
      await app.checked(id);
      const path = `/v1/declarations/${id}/exit`;
      const early = await app.post<ProblemView>(path, OFFICER, { occurredAt: '2020-01-01T08:00:00+08:00' });
      expect(early.body).to.include({ status: 422, code: 'before-filing' });
      expect(early.body.errors?.map(({ field }) => field)).to.deep.equal(['occurredAt']);
      const now = new Date().toISOString();
      const inTaipei = new Date(Date.parse(now) + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
      const exit = await app.post<{ move: { occurredAt: string } }>(path, OFFICER, { occurredAt: inTaipei });
      expect(exit.body.move.occurredAt).to.equal(now);
      type Events = { events: (EventView & { place?: string })[] };
      const { body } = await app.get<Events>(`/v1/items/${items[0]?.itemId}/history`, OFFICER);
      expect(body.events.at(-1)).to.include({ type: 'exited', occurredAt: now, place: 'TWKHH' });
    });

    it('can be asked for by day: since its start, as of its end', async () => {
      const { id, items } = await app.file(dieFiling('T-2'));
      const day = new Date().toISOString().slice(0, 10);
      type Page = { declarations: { id: string }[] };
      const listed = (since: string) => app.pages<Page>(`/v1/declarations?since=${since}`, EXPORTER);
      const found = (await listed(day)).flatMap(({ declarations }) => declarations.map((each) => each.id));
      expect(found).to.include(id);
      const path = `/v1/items/${items[0]?.itemId}/history`;
      const known = async (asOf: string) =>
        (await app.get<{ events: unknown[] }>(`${path}?asOf=${asOf}`, OFFICER)).body.events.length;
      expect(await known('2020-01-01')).to.equal(0);
      expect(await known(day)).to.be.at.least(2);
      expect(await known('2020-01-01T00:00:00%2B08:00')).to.equal(0);
      const log = await app.get(`/v1/lookup-log?since=${day}`, REGULATOR);
      expect(log.status).to.equal(200);
      for (const query of ['2026-02-30', '2026-12-15T08:30:00', '15.12.2026']) {
        expect((await app.get(`/v1/declarations?since=${query}`, EXPORTER)).status, query).to.equal(422);
      }
    });
  });

  describe('with HS codes', () => {
    for (const [hs, status] of [
      ['847990', 201],
      ['8479901', 201],
      ['847990000', 201],
      ['8479.90.9596', 201],
      ['84799', 422],
      ['84799095961', 422],
    ] as const) {
      it(`such as ${hs} are answered ${status}`, async () => {
        const items = [{ kind: 'die', maker: 'Natoli', serial: `NT-HS-${hs}`, hs }];
        const answer = await app.post('/v1/declarations', EXPORTER, dieFiling(`HS-${hs}`, { items }));
        expect(answer.status, answer.text).to.equal(status);
      });
    }
  });

  describe('refused for their form', () => {
    const faultsOf = async (path: string, body: unknown, key?: string) =>
      (await app.post<ProblemView>(path, EXPORTER, body, key)).body.errors;

    it('say in words what is missing', async () => {
      const { id } = await app.file(dieFiling('P-1'));
      const path = `/v1/declarations/${id}/amendments`;
      const message = 'Besides the reason, something must be given anew.';
      expect(await faultsOf(path, { reason: 'x' })).to.deep.equal([
        { field: 'body', code: 'too-few', message },
      ]);
      expect(await faultsOf(path, { reason: 'x', items: [] })).to.deep.equal([
        { field: 'items', code: 'too-few', message: 'items must hold at least 1 element.' },
      ]);
      expect((await faultsOf(path, []))?.[0]).to.deep.include({ field: 'body' });
    });

    it('say that an Idempotency-Key is too long, where it is', async () => {
      expect(await faultsOf('/v1/declarations', dieFiling('P-2'), 'k'.repeat(300))).to.deep.equal([
        {
          field: 'idempotency-key',
          code: 'too-long',
          message: 'idempotency-key is longer than 255 characters.',
        },
      ]);
    });
  });

  describe('in lists', () => {
    it('come page by page in order of filing, each once, by state and from a time on', async () => {
      const lister = { ...EXPORTER, org: 'lister' };
      const ids: string[] = [];
      for (let no = 1; no <= 7; no += 1) ids.push((await app.file(dieFiling(`L-${no}`), lister)).id);
      for (const id of ids) await app.checked(id, lister);
      type Page = { declarations: { id: string; filedAt: string; status: string }[] };
      const pages = await app.pages<Page>('/v1/declarations?limit=3&status=verified', lister);
      expect(pages.map(({ declarations }) => declarations.length)).to.deep.equal([3, 3, 1]);
      const listed = pages.flatMap((page) => page.declarations);
      expect(listed.map(({ id }) => id)).to.deep.equal(ids);
      const since = listed[4]?.filedAt ?? '';
      const later = await app.get<Page>(`/v1/declarations?since=${since}`, lister);
      expect(later.body.declarations.map(({ id }) => id)).to.include.members(ids.slice(4));
      expect(later.body.declarations.every(({ filedAt }) => filedAt >= since)).to.equal(true);
      const none = await app.get<Page>('/v1/declarations?status=exited', lister);
      expect(none.body.declarations).to.deep.equal([]);
    });
  });

  describe('and items of which something is learned later', () => {
    it('are stopped when seized, and free again once that is corrected', async () => {
      const { id, items } = await app.file(dieFiling('E-1'));
      await app.checked(id);
      const path = `/v1/items/${items[0]?.itemId}/events`;
      const seizure = {
        type: 'seized',
        place: 'AUSYD',
        note: 'In a parcel',
        occurredAt: '2026-01-02T03:04:05Z',
      };
      const seized = await app.post<EventView>(path, OFFICER, seizure, 's-1');
      expect(seized.status).to.equal(201);
      expect(seized.body).to.include({ type: 'seized', seq: 4, occurredAt: '2026-01-02T03:04:05.000Z' });
      const again = await app.post<EventView>(path, OFFICER, seizure, 's-1');
      expect(again.text).to.equal(seized.text);
      expect(again.headers.get('idempotent-replayed')).to.equal('true');
      const other = await app.post<ProblemView>(path, OFFICER, { type: 'lost' }, 's-1');
      expect(other.body).to.include({ status: 409, code: 'idempotency-mismatch' });
      const verdict = async () =>
        (await app.get<LookupView>(`/v1/lookup?serial=${items[0]?.serial}`, OFFICER)).body.verdict;
      expect(await verdict()).to.equal('stop');
      const missing = await app.post<ProblemView>(path, OFFICER, { type: 'corrected' });
      expect(missing.body.errors?.map(({ field }) => field)).to.deep.equal(['corrects']);
      const stray = { type: 'corrected', corrects: `evt_${'0'.repeat(26)}` };
      expect((await app.post<ProblemView>(path, OFFICER, stray)).body.code).to.equal('unknown-event');
      const correction = { type: 'corrected', corrects: seized.body.eventId, note: 'Another die' };
      expect((await app.post(path, REGULATOR, correction)).status).to.equal(201);
      expect(await verdict()).to.equal('clear');
      const history = await app.get<{ events: EventView[] }>(
        `/v1/items/${items[0]?.itemId}/history`,
        OFFICER,
      );
      expect(history.body.events.map(({ type }) => type)).to.deep.equal([
        'registered',
        'declared',
        'verified',
        'seized',
        'corrected',
      ]);
    });
  });
});
