import { expect } from 'chai';
import type { App, ProblemView } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { EXPORTER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { dieFiling } from '../support/kits.ts';

interface RunView {
  readonly id: string;
  readonly report: string;
  readonly status: string;
  readonly rows: number;
  readonly new: number;
  readonly gone: number;
  readonly because: string;
  readonly previousId?: string;
}
interface RowView {
  readonly outcome: string;
  readonly row: { readonly key: string; readonly serial: string };
}

const RUNS = '/v1/audit-runs';
const ASKED = { report: 'several-exporters' };

overEngines('runs of reports over HTTP', (engine) => {
  let app: App;
  const ran: RunView[] = [];

  before(async () => {
    app = await startApp({}, { engine });
  });
  after(() => app.close());

  async function declareTwice(serial: string): Promise<void> {
    const filing = (org: string) =>
      dieFiling(`${org}-${serial}`, { items: [{ kind: 'die', maker: 'PTK', serial }] });
    await app.file(filing('own'), EXPORTER);
    await app.file(filing('rival'), RIVAL);
  }

  async function ranToItsEnd(): Promise<RunView> {
    const { status, headers, body } = await app.post<RunView>(RUNS, REGULATOR, ASKED);
    expect([status, headers.get('location')]).to.deep.equal([202, `${RUNS}/${body.id}`]);
    return until(async () => {
      const run = (await app.get<RunView>(`${RUNS}/${body.id}`, REGULATOR)).body;
      expect(run.status).not.to.equal('failed');
      return run.status === 'completed' ? run : null;
    });
  }
  const rowsOf = async (id: string, query = ''): Promise<string[]> => {
    const pages = await app.pages<{ rows: RowView[] }>(`${RUNS}/${id}/rows?limit=1${query}`, REGULATOR);
    return pages.flatMap(({ rows }) => rows.map(({ outcome, row }) => `${row.serial} ${outcome}`));
  };

  it('keep what the report found', async () => {
    await declareTwice('RUN-D-10417');
    await declareTwice('RUN-D-20417');
    const run = await ranToItsEnd();
    expect(run).to.deep.include({ rows: 2, new: 2, gone: 0, because: 'The first run: 2 rows.' });
    expect(run.previousId).to.equal(undefined);
    expect(await rowsOf(run.id)).to.have.members(['RUN-D-10417 new', 'RUN-D-20417 new']);
    ran.push(run);
  });

  it('tell what is new since the run before', async () => {
    await declareTwice('RUN-D-30417');
    const run = await ranToItsEnd();
    expect(run).to.deep.include({ rows: 3, new: 1, gone: 0, previousId: ran[0]?.id });
    expect(run.because).to.match(/^1 new, 0 gone since \d{4}-\d\d-\d\dT[\d:.]+Z\.$/);
    expect(await rowsOf(run.id)).to.deep.equal(['RUN-D-30417 new']);
    expect(await rowsOf(run.id, '&outcome=gone')).to.deep.equal([]);
    expect(await rowsOf(run.id, '&outcome=all')).to.have.members([
      'RUN-D-10417 known',
      'RUN-D-20417 known',
      'RUN-D-30417 new',
    ]);
    ran.push(run);
  });

  it('show rows as the report does, each apart from what became of it', async () => {
    const { body } = await app.get<{ rows: RowView[] }>(`${RUNS}/${ran[1]?.id}/rows`, REGULATOR);
    const streamed = await app.call('GET', '/v1/audit/several-exporters', {
      as: REGULATOR,
      headers: { accept: 'application/x-ndjson' },
    });
    const lines = streamed.text.split('\n').filter((line) => line.includes('RUN-D-30417'));
    const { cursor: _cursor, ...row } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(body.rows).to.deep.equal([{ outcome: 'new', row }]);
  });

  it('are listed latest first, a page at a time', async () => {
    const latest = [...ran].reverse();
    const pages = await app.pages<{ runs: RunView[] }>(`${RUNS}?report=several-exporters&limit=1`, REGULATOR);
    expect(pages.flatMap(({ runs }) => runs)).to.deep.equal(latest);
    const { body } = await app.get<{ runs: RunView[] }>(RUNS, REGULATOR);
    expect(body.runs).to.deep.equal(latest);
    const none = await app.get<{ runs: RunView[] }>(`${RUNS}?report=no-such-report`, REGULATOR);
    expect(none.body.runs).to.deep.equal([]);
  });

  it('are refused for a report that there is not, and for what it does not heed', async () => {
    for (const [body, field] of [
      [{ report: 'no-such-report' }, 'report'],
      [{ ...ASKED, days: 30 }, 'days'],
      [{ ...ASKED, more: 1 }, 'more'],
      [{}, 'report'],
    ] as const) {
      const answer = await app.post<ProblemView>(RUNS, REGULATOR, body);
      expect([answer.status, answer.body.errors?.[0]?.field]).to.deep.equal([422, field]);
    }
    const odd = Buffer.from('[-1,0.5]').toString('base64url');
    const wrong = await app.get<ProblemView>(`${RUNS}/${ran[0]?.id}/rows?cursor=${odd}`, REGULATOR);
    expect([wrong.status, wrong.body.code]).to.deep.equal([422, 'cursor-invalid']);
    expect((await app.get(`${RUNS}/aud_none`, REGULATOR)).status).to.equal(404);
    expect((await app.get(`${RUNS}/aud_none/rows`, REGULATOR)).status).to.equal(404);
  });
});
