import { expect } from 'chai';
import type { App, DeclarationView, EventView, FiledView, LookupView, ProblemView } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { EXPORTER, filing, OFFICER, REGULATOR } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { kit } from '../support/kits.ts';

const BODY = filing({ reference: 'INV-KIT', items: kit('ZP33-2025-00417', 36) });

interface StepView {
  readonly status: string;
  readonly number?: string;
  readonly move: { readonly no: number; readonly type: string };
}

overEngines('a declaration from its filing to its arrival, over HTTP', (engine) => {
  let app: App;
  let filed: FiledView;
  let filedText: string;
  let id: string;
  let number: string;
  let pressId: string;
  let verifiedAt: string;

  before(async () => {
    app = await startApp({}, { engine });
  });
  after(() => app.close());

  it('takes a 36-station press with its 108 punches and dies', async () => {
    const answer = await app.post<FiledView>('/v1/declarations', EXPORTER, BODY, 'key-1');
    expect(answer.status).to.equal(201);
    filed = answer.body;
    filedText = answer.text;
    id = filed.id;
    expect(answer.headers.get('location')).to.equal(`/v1/declarations/${id}`);
    expect(answer.headers.get('idempotent-replayed')).to.equal(null);
    expect(filed).to.include({ reference: 'INV-KIT', status: 'filed' });
    expect(filed.items.map(({ line }) => line)).to.deep.equal(BODY.items.map((_, index) => index + 1));
    expect(filed.items.map(({ serial }) => serial)).to.deep.equal(BODY.items.map(({ serial }) => serial));
    pressId = filed.items[0]?.itemId ?? '';
  });

  it('verifies it, finds nothing to object to and gives it a number', async () => {
    const declaration = await app.checked(id);
    expect(declaration.findings.filter(({ level }) => level !== 'info')).to.deep.equal([]);
    expect(declaration.status).to.equal('verified');
    expect(declaration.ruleSet).to.be.a('string');
    expect(declaration.number).to.match(/^TW20\d\d[0-9A-Z]{13}$/);
    number = declaration.number ?? '';
    // What follows from a decision can be a moment behind it.
    await until(async () => {
      const { body } = await app.get<{ events: EventView[] }>(`/v1/items/${pressId}/history`, OFFICER);
      return body.events.some(({ type }) => type === 'verified') ? true : null;
    });
    verifiedAt = new Date().toISOString();
  });

  it('finds the press by its serial as it looks on a worn plate', async () => {
    const path = `/v1/lookup?serial=${encodeURIComponent('zp33 2O25-0O4l7')}&case=C-17`;
    const { status, body } = await app.get<LookupView>(path, OFFICER);
    expect(status).to.equal(200);
    const [first] = body.matches;
    expect(first?.item).to.include({ itemId: pressId, kind: 'press', serial: 'ZP33-2025-00417' });
    expect(first?.match).to.equal('confusable');
    expect(first?.differences).to.have.length(3);
    expect(first?.history.map(({ type }) => type)).to.deep.equal(['registered', 'declared', 'verified']);
    expect(body.verdict).to.equal('caution');
    expect(body.reasons.map(({ code }) => code)).to.include.members(['possible-match', 'verified']);
  });

  it('is clear about the very serial and maker, and honest about one it does not know', async () => {
    const known = await app.get<LookupView>(
      '/v1/lookup?serial=ZP33-2025-00417&maker=Fette+Compacting&kind=press',
      OFFICER,
    );
    expect(known.body.verdict).to.equal('clear');
    expect(known.body.matches[0]).to.include({ match: 'exact', score: 1 });
    const unknown = await app.get<LookupView>('/v1/lookup?serial=QX-91-77', REGULATOR);
    expect(unknown.body).to.deep.include({ verdict: 'unknown', matches: [] });
    expect(unknown.text).not.to.match(/fake|counterfeit/i);
  });

  it('leads from one die to its press and its siblings', async () => {
    const die = filed.items.find(({ kind }) => kind === 'die')?.itemId ?? '';
    interface Related {
      readonly press?: { readonly itemId: string };
      readonly parts: readonly { readonly itemId: string; readonly fittedTo?: string }[];
    }
    const found = await app.pages<Related>(`/v1/items/${die}/related?limit=50`, OFFICER);
    expect(found).to.have.length(3);
    expect(found.map(({ press }) => press?.itemId)).to.deep.equal([pressId, pressId, pressId]);
    const parts = found.flatMap((page) => page.parts);
    expect(new Set(parts.map(({ itemId }) => itemId)).size).to.equal(108);
    expect(parts.every(({ fittedTo }) => fittedTo === pressId)).to.equal(true);
  });

  it('gives the same bytes for the same filing, and refuses its key for another', async () => {
    const again = await app.post('/v1/declarations', EXPORTER, BODY, 'key-1');
    expect(again).to.include({ status: 201, text: filedText });
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    const other = { ...BODY, endUse: 'Something else' };
    const mismatch = await app.post<ProblemView>('/v1/declarations', EXPORTER, other, 'key-1');
    expect(mismatch.status).to.equal(409);
    expect(mismatch.body.code).to.equal('idempotency-mismatch');
    for (const key of ['key-2', undefined]) {
      const taken = await app.post<ProblemView>('/v1/declarations', EXPORTER, BODY, key);
      expect(taken.status).to.equal(409);
      expect(taken.body.code).to.equal('reference-taken');
    }
  });

  it('checks an amended declaration again and gives it another number', async () => {
    const amendment = { reason: 'A day later', plannedExit: '2036-12-16' };
    const answer = await app.post<StepView>(`/v1/declarations/${id}/amendments`, EXPORTER, amendment, 'am-1');
    expect(answer.status).to.equal(200);
    expect(answer.body).to.include({ status: 'filed' });
    const declaration = await app.checked(id);
    expect(declaration).to.include({ status: 'verified', plannedExit: '2036-12-16' });
    expect(declaration.number)
      .to.match(/^TW20\d\d[0-9A-Z]{13}$/)
      .and.not.equal(number);
    const listed = (wanted: string) =>
      app.get<{ declarations: unknown[] }>(`/v1/declarations?number=${wanted}`, OFFICER);
    expect((await listed(number)).body.declarations, 'found by the void number').to.deep.equal([]);
    const withVoid = await app.post<ProblemView>(`/v1/declarations/${id}/exit`, OFFICER, { number });
    expect(withVoid.body).to.include({ status: 422, code: 'number-mismatch' });
    number = declaration.number ?? '';
    expect((await listed(number)).body.declarations).to.have.length(1);
    const again = await app.post<StepView>(`/v1/declarations/${id}/amendments`, EXPORTER, amendment, 'am-1');
    expect(again.text).to.equal(answer.text);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    const filing = await app.post('/v1/declarations', EXPORTER, BODY, 'key-1');
    expect(filing).to.include({ status: 201, text: filedText });
  });

  it('uses the number up at exit, once, and refuses another', async () => {
    const path = `/v1/declarations/${id}/exit`;
    const wrong = await app.post<ProblemView>(path, OFFICER, { number: 'TW2026AAAAAAAAAAAAA' });
    expect(wrong.status).to.equal(422);
    expect(wrong.body.errors?.map(({ field }) => field)).to.deep.equal(['number']);
    const exits = await Promise.all(
      [1, 2, 3, 4].map((no) => app.post<StepView>(path, OFFICER, { number, port: 'TWKHH' }, `exit-${no}`)),
    );
    expect(exits.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409, 409]);
    expect(exits.find(({ status }) => status === 200)?.body).to.include({ status: 'exited', number });
    const late = await app.post<ProblemView>(`/v1/declarations/${id}/withdrawal`, EXPORTER, {
      reason: 'Late',
    });
    expect(late.status).to.equal(409);
    expect(late.body.code).to.equal('illegal-transition');
  });

  it('records the arrival', async () => {
    const answer = await app.post<StepView>(`/v1/declarations/${id}/arrival`, OFFICER, { port: 'AUSYD' });
    expect(answer.body).to.include({ status: 'arrived', number });
    const { body } = await app.get<DeclarationView>(`/v1/declarations/${id}`, REGULATOR);
    const types = ['filed', 'checked', 'amended', 'checked', 'exited', 'arrived'];
    expect(body.moves.map(({ type }) => type)).to.deep.equal(types);
  });

  it('tells an item as it was known at any time', async () => {
    const path = `/v1/items/${pressId}/history`;
    const whole = await app.get<{ events: EventView[] }>(path, OFFICER);
    const types = whole.body.events.map(({ type }) => type);
    const beginning = ['registered', 'declared', 'verified'];
    expect(types).to.deep.equal([...beginning, 'amended', 'verified', 'exited', 'arrived']);
    expect(whole.body.events.map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    const then = await app.get<{ events: EventView[] }>(`${path}?asOf=${verifiedAt}`, OFFICER);
    expect(then.body.events.map(({ type }) => type)).to.deep.equal(beginning);
    const before = await app.get<{ events: EventView[] }>(`${path}?asOf=2020-01-01T00:00:00Z`, OFFICER);
    expect(before.body.events).to.deep.equal([]);
    const paged = await app.pages<{ events: EventView[] }>(`${path}?limit=2`, OFFICER);
    expect(paged.flatMap(({ events }) => events)).to.deep.equal(whole.body.events);
  });
});
