import { expect } from 'chai';
import type { Actor } from '../../src/kernel/actor.ts';
import type { App, ProblemView } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { EXPORTER, OFFICER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import type { Line } from '../support/exporting.ts';
import { faultsIn, linesIn } from '../support/exporting.ts';
import { dieFiling, kit } from '../support/kits.ts';

const STATIONS = 450;

overEngines('exports over HTTP', (engine) => {
  let app: App;
  let ids: string[];

  before(async function () {
    this.timeout(120_000);
    app = await startApp({}, { engine });
    ids = [];
    for (const [as, body] of [
      [EXPORTER, dieFiling('EXP-1')],
      [EXPORTER, dieFiling('EXP-2', { items: kit('EXP-KIT-1', STATIONS) })],
      [RIVAL, dieFiling('EXP-1')],
    ] as const) {
      const { id } = await app.file(body, as);
      await app.checked(id, as);
      ids.push(id);
    }
    await app.post(`/v1/declarations/${ids[0] ?? ''}/exit`, OFFICER, {});
    // What follows from a decision may take a moment longer.
    await until(async () => {
      const { text } = await app.call('GET', '/v1/export', { as: REGULATOR });
      return text.includes('"status":"exported"') && !text.includes('"status":"declared"') ? true : null;
    }, 200);
  });
  after(() => app.close());

  async function exported(as: Actor, query = ''): Promise<{ text: string; lines: Line[] }> {
    const answer = await app.call('GET', `/v1/export${query}`, { as });
    expect(answer.status, answer.text.slice(0, 300)).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal('application/x-ndjson');
    expect(await faultsIn(answer.text)).to.deep.equal([]);
    return { text: answer.text, lines: linesIn(answer.text) };
  }
  const idsIn = (lines: readonly Line[]): string[] =>
    lines.flatMap(({ declaration, item }) => declaration?.id ?? item?.itemId ?? []);

  it('hand the whole register to a regulator, each record once, in parts', async () => {
    const { lines } = await exported(REGULATOR);
    const found = idsIn(lines);
    expect(new Set(found).size).to.equal(found.length);
    expect(found).to.include.members(ids);
    expect(lines.at(-1)?.manifest).to.include({ declarations: 3, items: 3 * STATIONS + 2, parts: 2 });
    for (const line of lines.slice(0, 3)) {
      const { body } = await app.get<object>(`/v1/declarations/${line.declaration?.id ?? ''}`, REGULATOR);
      // How often it was written may still change.
      expect({ ...line.declaration, version: 0 }).to.deep.equal({ ...body, version: 0 });
    }
    const last = lines.at(-3);
    const shown = await app.get(`/v1/items/${last?.item?.itemId ?? ''}`, REGULATOR);
    expect(last?.item).to.deep.equal(shown.body);
  });

  it('go on behind each part', async () => {
    for (const [as, query] of [
      [REGULATOR, '?'],
      [REGULATOR, '?org=acme&'],
      [EXPORTER, '?'],
    ] as const) {
      const { text, lines } = await exported(as, query);
      for (const { part } of lines) {
        if (part === undefined) continue;
        const rest = await app.call('GET', `/v1/export${query}cursor=${part.cursor}`, { as });
        expect(text.endsWith(rest.text), `part ${part.no} of ${query}`).to.equal(true);
      }
    }
  });

  it('hand an exporter what it may see', async () => {
    const { text, lines } = await exported(EXPORTER);
    expect(idsIn(lines).slice(0, 2)).to.include(ids[0]);
    expect(idsIn(lines)).to.include(ids[1]).and.not.to.include(ids[2]);
    expect(text).not.to.match(/officer-1|rival/);
    const rival = await exported(RIVAL);
    expect(rival.lines.at(-1)?.manifest).to.include({ declarations: 1, items: 1, exporter: 'rival' });
    expect(rival.text).not.to.include('"acme"');
    const other = await app.call<ProblemView>('GET', '/v1/export?org=acme', { as: RIVAL });
    expect([other.status, other.body.code]).to.deep.equal([403, 'forbidden']);
  });

  it('refuse what is no cursor of theirs', async () => {
    const { lines } = await exported(EXPORTER);
    const cursor = lines.find(({ part }) => part !== undefined)?.part?.cursor ?? '';
    for (const query of [`?cursor=${cursor}`, '?cursor=abc', `?org=acme&cursor=${cursor}`, '?cursor=%20']) {
      const { status, body } = await app.call<ProblemView>('GET', `/v1/export${query}`, { as: REGULATOR });
      expect([status, body.errors?.[0]?.field], query).to.deep.equal([422, 'cursor']);
    }
  });

  it('run two at a time; a third is told when to ask again', async () => {
    const headers = { authorization: `Bearer ${app.tokenOf(REGULATOR)}` };
    const ask = () => fetch(`${app.url}/v1/export`, { headers });
    // At once: each waits for its turn before it reads.
    const answers = await Promise.all(Array.from({ length: 4 }, ask));
    const refused = answers.filter(({ status }) => status !== 200);
    for (const answer of refused) {
      expect(answer.status).to.equal(503);
      expect(Number(answer.headers.get('retry-after'))).to.be.above(0);
      expect(((await answer.json()) as ProblemView).code).to.equal('exports-busy');
    }
    for (const answer of answers) if (!refused.includes(answer)) await answer.text();
    await exported(REGULATOR);
  });
});
