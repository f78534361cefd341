import { expect } from 'chai';
import type { App, LookupView } from '../support/app.ts';
import { OPERATOR, startApp } from '../support/app.ts';
import { OFFICER, REGULATOR } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { dieFiling } from '../support/kits.ts';

type ResultLine = Partial<LookupView> & {
  readonly line: number;
  readonly problem?: { readonly code: string; readonly errors?: readonly { readonly field: string }[] };
};
interface LogPage {
  readonly lookups: readonly {
    readonly lookupId: string;
    readonly sub: string;
    readonly org: string;
    readonly serial: string;
    readonly verdict: string;
    readonly case?: string;
  }[];
}

const NDJSON = { 'content-type': 'application/x-ndjson' };

overEngines('look-ups over HTTP', (engine) => {
  let app: App;
  /** Ids of every look-up that was answered. */
  const answered: string[] = [];

  before(async () => {
    app = await startApp({}, { engine });
    const { id } = await app.file(dieFiling('1'));
    await app.checked(id);
  });
  after(() => app.close());

  async function bulk(raw: string | Uint8Array<ArrayBuffer>): Promise<ResultLine[]> {
    const answer = await app.call('POST', '/v1/lookups', { as: OFFICER, raw, headers: NDJSON });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal('application/x-ndjson');
    const results = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ResultLine);
    answered.push(...results.flatMap(({ lookupId }) => lookupId ?? []));
    return results;
  }

  it('answer 64 officers at once', async () => {
    const asked = Array.from({ length: 64 }, (_, no) => ({ ...OFFICER, sub: `officer-${no}` }));
    const answers = await Promise.all(
      asked.map((as) => app.get<LookupView>('/v1/lookup?serial=NT-1-D&case=storm', as)),
    );
    for (const { status, body } of answers) {
      expect(status).to.equal(200);
      expect(body.matches).to.have.length(1);
      answered.push(body.lookupId);
    }
  });

  it('answer 5,000 lines in order', async () => {
    const serials = Array.from({ length: 5_000 }, (_, no) => (no % 10 === 0 ? 'NT-1-D' : `NT-77-${no}`));
    const results = await bulk(serials.map((serial) => `${JSON.stringify({ serial })}\n`).join(''));
    expect(results.map(({ line }) => line)).to.deep.equal(serials.map((_, index) => index + 1));
    for (const [index, { verdict }] of results.entries()) {
      expect(verdict, `line ${index + 1}`).to.equal(index % 10 === 0 ? 'clear' : 'unknown');
    }
  });

  it('answer a line that cannot be read with its problem, and go on', async () => {
    const lines: (string | Buffer)[] = [
      '{"serial":"NT-1-D"}',
      'not json',
      '{"maker":"Natoli"}',
      '{"serial":"NT-1-D","serial":"NT-2-D"}',
      '{"serial":["NT-1-D"]}',
      '{"serial":{"$ne":""}}',
      '{"serial":"\\ud800"}',
      '{"serial":"NT-1-D","__proto__":{}}',
      Buffer.from([0xff, 0xfe]),
      `{"serial":"${'9'.repeat(5_000)}"}`,
      '[[[[[]]]]]',
      'null',
      '',
      '{"serial":"nt 1 d"}',
    ];
    const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
    const results = await bulk(new Uint8Array(bytes));
    expect(results.map(({ line }) => line)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14]);
    expect(results.filter(({ problem }) => problem === undefined).map(({ line }) => line)).to.deep.equal([
      1, 14,
    ]);
    for (const { line, problem } of results.slice(2, 8)) {
      const fields = problem?.errors?.map(({ field }) => field);
      expect(fields, `line ${line}`).to.deep.equal([line === 8 ? '__proto__' : 'serial']);
    }
    expect(results.at(-1)?.matches?.[0]?.match).to.equal('normalised');
  });

  it('answer an empty body with nothing', async () => {
    const answer = await app.call('POST', '/v1/lookups', { as: OFFICER, raw: '\n', headers: NDJSON });
    expect(answer).to.include({ status: 200, text: '' });
  });

  it('are in the log, all that were answered and no other', async () => {
    const pages = await app.pages<LogPage>('/v1/lookup-log?limit=500', REGULATOR);
    const logged = pages.flatMap(({ lookups }) => lookups.map(({ lookupId }) => lookupId));
    expect(logged).to.have.length(5_066);
    expect(logged.sort()).to.deep.equal(answered.sort());
    const storm = await app.pages<LogPage>('/v1/lookup-log?case=storm&limit=10', REGULATOR);
    const officers = storm.flatMap(({ lookups }) => lookups.map(({ sub }) => sub));
    expect(new Set(officers).size).to.equal(64);
    const foreign = await app.get<LogPage>('/v1/lookup-log?org=nobody', REGULATOR);
    expect(foreign.body.lookups).to.deep.equal([]);
  });

  it('are counted by verdict', async () => {
    const { text } = await app.get('/metrics', OPERATOR);
    const counts = [...text.matchAll(/^registry_lookups_total\{verdict="(\w+)"\} (\d+)$/gm)];
    expect(Object.fromEntries(counts.map(([, verdict, count]) => [verdict, Number(count)]))).to.deep.equal({
      clear: 566,
      unknown: 4_500,
    });
  });
});
