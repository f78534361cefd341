import { expect } from 'chai';
import type { Actor } from '../../src/kernel/actor.ts';
import { POLICY, type Action } from '../../src/modules/access/index.ts';
import type { Route } from '../../src/platform/http/index.ts';
import type { Answer, App, ProblemView, Request } from '../support/app.ts';
import { OPERATOR, sendBytes, startApp } from '../support/app.ts';
import { badBodies, badQueries, type BadInput } from '../support/bad-input.ts';
import { EXPORTER, OFFICER, REGULATOR } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { dieFiling } from '../support/kits.ts';
import { everyRoute, SAMPLES } from '../support/routes.ts';

const ACTORS: Record<Actor['role'], Actor> = {
  exporter: EXPORTER,
  customs: OFFICER,
  regulator: REGULATOR,
  operator: OPERATOR,
};
const ROUTES = everyRoute();
const AT_ONCE = 8;
const NDJSON = 'application/x-ndjson';

overEngines('bad input over HTTP', (engine) => {
  let app: App;
  let declarationId: string;
  let itemId: string;
  let stored: unknown;
  /** Filings that were answered with 422: all of these are kept, and nothing else. */
  let refusedFilings = 0;

  before(async () => {
    app = await startApp({}, { engine });
    const { id, items } = await app.file(dieFiling('GOOD'));
    await app.checked(id);
    declarationId = id;
    itemId = items[0]?.itemId ?? '';
    stored = await everythingStored();
  });
  after(() => app.close());

  async function everythingStored(): Promise<unknown> {
    const text = async (path: string, as: Actor): Promise<string> => {
      const answer = await app.get(path, as);
      expect(answer.status, path).to.equal(200);
      return answer.text;
    };
    const metrics = await text('/metrics', OPERATOR);
    return {
      declarations: await text('/v1/declarations?limit=500', REGULATOR),
      declaration: await text(`/v1/declarations/${declarationId}`, REGULATOR),
      history: await text(`/v1/items/${itemId}/history`, REGULATOR),
      items: /^registry_items \d+$/m.exec(metrics)?.[0],
      lookups: await text('/v1/lookup-log?limit=500', REGULATOR),
    };
  }

  /** Somebody who may call the route, as far as roles go. */
  function allowed({ action }: Route): Actor | undefined {
    const [role] = action === 'public' ? [] : POLICY[action as Action];
    return role === undefined ? undefined : ACTORS[role];
  }

  function send(
    route: Route,
    facts: { query?: string; id?: string } & Request,
  ): Promise<Answer<ProblemView>> {
    const { query, id, ...request } = facts;
    const own = route.path.startsWith('/v1/items/') ? itemId : declarationId;
    const path = route.path.replace('{id}', id ?? own) + (query === undefined ? '' : `?${query}`);
    const as = allowed(route);
    return app.call(route.method.toUpperCase(), path, { ...(as === undefined ? {} : { as }), ...request });
  }

  /** What the route's sample sends as a body. */
  function sampleOf({ operationId }: Route): Request {
    const { body, raw } = SAMPLES[operationId] ?? {};
    if (raw !== undefined) return { raw, headers: { 'content-type': NDJSON } };
    return body === undefined ? {} : { json: body };
  }

  async function expectRefused(
    route: Route,
    bad: readonly BadInput[],
    place: 'body' | 'query',
  ): Promise<void> {
    const left = [...bad];
    const work = async (): Promise<void> => {
      for (let input = left.shift(); input !== undefined; input = left.shift()) {
        const { text, contentType } = input;
        const headers = contentType === undefined ? {} : { headers: { 'content-type': contentType } };
        const answer =
          place === 'body'
            ? await send(route, { raw: text, ...headers })
            : await send(route, { query: String(text), ...sampleOf(route) });
        if (route.operationId === 'fileDeclaration' && answer.status === 422) refusedFilings += 1;
        expectProblem(answer, input, `${route.operationId}: ${input.title.slice(0, 200)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  function expectProblem(answer: Answer<ProblemView>, { statuses, field }: BadInput, title: string): void {
    expect(answer.status, `${title} ${answer.text.slice(0, 300)}`).to.be.oneOf([...statuses]);
    expect(answer.headers.get('content-type'), title).to.equal('application/problem+json');
    expect(answer.text.length, title).to.be.lessThan(50_000);
    if (field === undefined) return;
    const named = answer.body.errors?.map((error) => error.field) ?? [];
    expect(
      named.some(
        (name) => name === field || [`${field}.`, `${field}[`].some((start) => name.startsWith(start)),
      ),
      `${title}: names ${named.join(', ')}`,
    ).to.equal(true);
  }

  for (const route of ROUTES) {
    const { operationId, body, params } = route;
    const { body: sample, query } = SAMPLES[operationId] ?? {};
    const name = `${route.method.toUpperCase()} ${route.path}`;

    it(`is refused in the query of ${name}`, () => expectRefused(route, badQueries(route, query), 'query'));

    if (body !== undefined && 'schema' in body) {
      it(`is refused in the body of ${name}`, () =>
        expectRefused(route, badBodies(route, sample ?? {}), 'body'));
    }
    if (params !== undefined) {
      it(`is not found in the path of ${name}`, async () => {
        const unknown = ['dcl_', 'itm_'].map((prefix) => prefix + '0'.repeat(26));
        const odd = [
          '%00',
          '%24ne',
          '__proto__',
          'constructor',
          'x'.repeat(3_000),
          '..%2F..',
          "'%20OR%201",
          '*',
        ];
        const event = operationId === 'recordItemEvent' ? { json: { type: 'inspected' } } : {};
        for (const id of [...unknown, ...odd]) {
          const answer = await send(route, { ...sampleOf(route), ...event, id });
          expectProblem(answer, { title: id, text: '', statuses: [404] }, `${name} ${id}`);
        }
        const broken = await send(route, { ...sampleOf(route), id: '%ff' });
        expectProblem(broken, { title: '', text: '', statuses: [400] }, `${name} %ff`);
      });
    }
    if (route.headers !== undefined) {
      it(`is refused as Idempotency-Key of ${name}`, async () => {
        for (const key of ['with space', 'x'.repeat(256), 'caf\u00e9']) {
          const answer = await send(route, { ...sampleOf(route), headers: { 'idempotency-key': key } });
          if (operationId === 'fileDeclaration') refusedFilings += 1;
          expectProblem(answer, { title: '', text: '', statuses: [422], field: 'idempotency-key' }, key);
        }
      });
    }
  }

  it('is refused when a stream is sent as something else', async () => {
    const route = ROUTES.find(({ operationId }) => operationId === 'lookUpMany')!;
    for (const contentType of ['application/json', 'text/plain', '', `${NDJSON}; charset=latin1`]) {
      const answer = await send(route, { raw: '{"serial":"X-1"}', headers: { 'content-type': contentType } });
      expectProblem(answer, { title: '', text: '', statuses: [415] }, contentType);
    }
  });

  it('is refused when it is no HTTP, or stops half-way', async () => {
    const head = (path: string, more: string) =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${app.tokenOf(EXPORTER)}\r\n` +
      `Content-Type: application/json\r\n${more}\r\n\r\n`;
    const chunked = 'Transfer-Encoding: chunked';
    const paths = ROUTES.filter(({ method }) => method === 'post').map(({ path }) =>
      path.replace('{id}', path.startsWith('/v1/items/') ? itemId : declarationId),
    );
    for (const path of paths) {
      const requests = [
        `${head(path, chunked)}1f4\r\n{"reference":"cut`,
        `${head(path, chunked)}5\r\n{"a":\r\n`,
        `${head(path, chunked)}zz\r\n{}\r\n0\r\n\r\n`,
        `${head(path, 'Content-Length: 1000')}{"reference":"cut"`,
        `${head(path, `Content-Length: 2\r\n${chunked}`)}0\r\n\r\n`,
        `${head(path, 'Content-Length: 2\r\nContent-Length: 3')}{}`,
      ];
      for (const request of requests) {
        const answer = await sendBytes(app.port, request);
        if (answer !== '') expect(answer.split('\r\n')[0], request).to.match(/^HTTP\/1\.1 4\d\d /);
      }
    }
    expect(await sendBytes(app.port, 'nonsense\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /);
    expect(await sendBytes(app.port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).to.match(/ 431 /);
  });

  it('stores nothing of it', async () => {
    expect(await everythingStored()).to.deep.equal(stored);
  });

  it('keeps every filing that was refused for what it says', async () => {
    const pages = await app.pages<{ refusedFilings: unknown[] }>('/v1/refused-filings?limit=500', REGULATOR);
    expect(refusedFilings).to.be.greaterThan(300);
    expect(pages.flatMap((page) => page.refusedFilings)).to.have.length(refusedFilings);
  });
});
