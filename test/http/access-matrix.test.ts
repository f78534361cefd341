import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import type { Answer, App, ProblemView } from '../support/app.ts';
import { OPERATOR, startApp } from '../support/app.ts';
import { EXPORTER, OFFICER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { dieFiling } from '../support/kits.ts';
import { everyRoute, ofReports, SAMPLES } from '../support/routes.ts';

/** Who asks. The owner's organisation filed every record that is asked for; the stranger is another exporter. */
const ASKERS = [
  'owner',
  'stranger',
  'customs',
  'regulator',
  'operator',
  'nobody',
  'expired',
  'forged',
] as const;
type Asker = (typeof ASKERS)[number];

const PUBLIC = [200, 200, 200, 200, 200, 200, 200, 200];

/** What each of `ASKERS` is answered. */
const EXPECTED: Readonly<Record<string, readonly number[]>> = {
  fileDeclaration: [201, 201, 403, 403, 403, 401, 401, 401],
  listDeclarations: [200, 200, 200, 200, 403, 401, 401, 401],
  getDeclaration: [200, 404, 200, 200, 403, 401, 401, 401],
  getCertificate: [200, 404, 200, 200, 403, 401, 401, 401],
  getQrSvg: [200, 404, 200, 200, 403, 401, 401, 401],
  getQrPng: [200, 404, 200, 200, 403, 401, 401, 401],
  amendDeclaration: [200, 404, 403, 403, 403, 401, 401, 401],
  withdrawDeclaration: [200, 404, 403, 403, 403, 401, 401, 401],
  recordExit: [403, 403, 200, 403, 403, 401, 401, 401],
  recordArrival: [403, 403, 200, 403, 403, 401, 401, 401],
  decideDeclaration: [403, 403, 403, 200, 403, 401, 401, 401],
  listReviews: [403, 403, 403, 200, 403, 401, 401, 401],
  listRefusedFilings: [200, 200, 403, 200, 403, 401, 401, 401],
  lookUp: [403, 403, 200, 200, 403, 401, 401, 401],
  lookUpMany: [403, 403, 200, 200, 403, 401, 401, 401],
  importFile: [202, 202, 403, 403, 403, 401, 401, 401],
  listImports: [200, 200, 403, 200, 403, 401, 401, 401],
  getImport: [200, 404, 403, 200, 403, 401, 401, 401],
  listImportRows: [200, 404, 403, 200, 403, 401, 401, 401],
  getRefusedRowsCsv: [200, 404, 403, 200, 403, 401, 401, 401],
  getRefusedRowsNdjson: [200, 404, 403, 200, 403, 401, 401, 401],
  getImportTemplateCsv: [200, 200, 200, 200, 200, 401, 401, 401],
  getImportTemplateNdjson: [200, 200, 200, 200, 200, 401, 401, 401],
  getImportTemplateXlsx: [200, 200, 200, 200, 200, 401, 401, 401],
  exportRegister: [200, 403, 403, 200, 403, 401, 401, 401],
  listLookups: [403, 403, 403, 200, 403, 401, 401, 401],
  listReports: [403, 403, 403, 200, 403, 401, 401, 401],
  ...ofReports(() => [403, 403, 403, 200, 403, 401, 401, 401]),
  startAuditRun: [403, 403, 403, 202, 403, 401, 401, 401],
  listAuditRuns: [403, 403, 403, 200, 403, 401, 401, 401],
  getAuditRun: [403, 403, 403, 200, 403, 401, 401, 401],
  listAuditRunRows: [403, 403, 403, 200, 403, 401, 401, 401],
  getItem: [200, 404, 200, 200, 403, 401, 401, 401],
  getItemHistory: [200, 404, 200, 200, 403, 401, 401, 401],
  getRelatedItems: [200, 404, 200, 200, 403, 401, 401, 401],
  recordItemEvent: [403, 403, 201, 201, 403, 401, 401, 401],
  getCatalogue: [200, 200, 200, 200, 200, 401, 401, 401],
  getMetrics: [403, 403, 403, 403, 200, 401, 401, 401],
  getHealth: PUBLIC,
  getReadiness: PUBLIC,
  getDescription: PUBLIC,
};

/** Bodies that fit the records below; other routes are asked with their sample. */
const BODIES: Readonly<Record<string, (asker: Asker) => unknown>> = {
  fileDeclaration: (asker) => dieFiling(`by-${asker}`),
  amendDeclaration: () => ({ reason: 'New date', plannedExit: '2036-12-20' }),
  recordExit: () => ({}),
  recordArrival: () => ({}),
  recordItemEvent: () => ({ type: 'inspected' }),
  startAuditRun: () => ({ report: 'several-exporters' }),
};

const ROUTES = everyRoute();

overEngines('who may do what, over HTTP', (engine) => {
  let app: App;
  let tokens: Record<Asker, string | undefined>;
  /** Operation → the id in its path. */
  const ids: Record<string, string> = {};
  let itemId: string;
  const doubtful = { endUser: { name: 'Trading House 9', country: 'KP' } };

  before(async () => {
    app = await startApp({}, { engine });
    tokens = tokensFor();
    for (const { operationId, path } of ROUTES) {
      if (!path.startsWith('/v1/declarations/{id}')) continue;
      const facts = operationId === 'decideDeclaration' ? doubtful : {};
      const { id, items } = await app.file(dieFiling(operationId, facts));
      ids[operationId] = id;
      itemId = items[0]?.itemId ?? '';
      const { status } = await app.checked(id);
      expect(status).to.equal(operationId === 'decideDeclaration' ? 'needs-review' : 'verified');
    }
    await app.post(`/v1/declarations/${ids['recordArrival']}/exit`, OFFICER, {});
    const headers = { 'content-type': 'application/x-ndjson' };
    const raw = '{"reference":"refused-of-owner"}\n';
    const sent = await app.call<{ id: string }>('POST', '/v1/imports', { as: EXPORTER, raw, headers });
    const run = await app.post<{ id: string }>('/v1/audit-runs', REGULATOR, { report: 'several-exporters' });
    for (const { operationId, path } of ROUTES) {
      if (path.startsWith('/v1/imports/{id}')) ids[operationId] = sent.body.id;
      if (path.startsWith('/v1/audit-runs/{id}')) ids[operationId] = run.body.id;
    }
    await app.post('/v1/declarations', EXPORTER, { reference: 'refused-of-owner' });
  });
  after(() => app.close());

  function tokensFor(): Record<Asker, string | undefined> {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signed = jwt.decode(app.tokenOf(EXPORTER), { complete: true });
    const claims = signed?.payload as jwt.JwtPayload;
    return {
      owner: app.tokenOf(EXPORTER),
      stranger: app.tokenOf(RIVAL),
      customs: app.tokenOf(OFFICER),
      regulator: app.tokenOf(REGULATOR),
      operator: app.tokenOf(OPERATOR),
      nobody: undefined,
      expired: app.expiredTokenOf(EXPORTER),
      forged: jwt.sign(claims, keys.privateKey, { algorithm: 'ES256', keyid: signed?.header.kid ?? '' }),
    };
  }

  function ask(operationId: string, asker: Asker, unknown = false): Promise<Answer<ProblemView>> {
    const route = ROUTES.find((each) => each.operationId === operationId);
    const sample = SAMPLES[operationId];
    if (route === undefined || sample === undefined) throw new Error(`no sample of ${operationId}`);
    const own = route.path.startsWith('/v1/items/') ? itemId : ids[operationId];
    const id = unknown ? `${own?.slice(0, 4)}${'0'.repeat(26)}` : (own ?? '');
    const query = new URLSearchParams(sample.query).toString();
    const path = route.path.replace('{id}', id) + (query === '' ? '' : `?${query}`);
    const as = tokens[asker];
    const json = BODIES[operationId]?.(asker) ?? sample.body;
    return app.call(route.method.toUpperCase(), path, {
      ...(as === undefined ? {} : { as }),
      ...(sample.raw === undefined
        ? json === undefined
          ? {}
          : { json }
        : { raw: sample.raw, headers: { 'content-type': 'application/x-ndjson' } }),
    });
  }

  it('is said here for every route, and for no other', () => {
    const operations = ROUTES.map(({ operationId }) => operationId);
    expect(Object.keys(EXPECTED)).to.have.members(operations);
    expect(Object.keys(SAMPLES)).to.have.members(operations);
  });

  it('covers what the running registry describes', async () => {
    interface Description {
      paths: Record<string, Record<string, { operationId: string }>>;
    }
    const { body } = await app.get<Description>('/openapi.json');
    const described = Object.values(body.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(described).to.have.members(ROUTES.map(({ operationId }) => operationId));
  });

  for (const { operationId, method, path } of ROUTES) {
    it(`holds for ${method.toUpperCase()} ${path}`, async () => {
      const expected = EXPECTED[operationId] ?? [];
      const refusedFirst = ASKERS.map((asker, index) => ({ asker, status: expected[index] })).sort(
        (a, b) => (b.status ?? 0) - (a.status ?? 0),
      );
      for (const { asker, status } of refusedFirst) {
        const answer = await ask(operationId, asker);
        expect(answer.status, `${asker}: ${answer.text.slice(0, 300)}`).to.equal(status);
        if (answer.status >= 400) expectBareProblem(answer, `${operationId} for ${asker}`);
        if (answer.status === 404) {
          const missing = await ask(operationId, asker, true);
          expect(withoutInstance(answer)).to.deep.equal(withoutInstance(missing));
        }
        if (asker === 'stranger') expectNothingOfOwner(answer, operationId);
      }
    });
  }

  function expectBareProblem(answer: Answer<ProblemView>, who: string): void {
    expect(answer.headers.get('content-type'), who).to.equal('application/problem+json');
    expect(answer.body.status, who).to.equal(answer.status);
    const members = ['type', 'title', 'status', 'code', 'detail', 'instance'];
    expect(Object.keys(answer.body), who).to.have.members(members);
    expect(answer.text, who).not.to.match(/acme|INV-|NT-|itm_|dcl_/);
    expect(answer.headers.has('www-authenticate'), who).to.equal(answer.status === 401);
  }

  /** Also lists hold nothing of the organisation that owns everything filed in `before`. */
  function expectNothingOfOwner(answer: Answer<unknown>, operationId: string): void {
    if (operationId === 'getDescription') return;
    expect(answer.text).not.to.match(/"acme"|refused-of-owner/);
    for (const id of Object.values(ids)) expect(answer.text).not.to.include(id);
  }
});

function withoutInstance({ status, body: { instance: _instance, ...rest } }: Answer<ProblemView>): object {
  return { httpStatus: status, ...rest };
}
