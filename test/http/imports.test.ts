import { expect } from 'chai';
import type { Actor } from '../../src/kernel/actor.ts';
import type { Answer, App, DeclarationView, LookupView, ProblemView } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { EXPORTER, filing, OFFICER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

interface ImportView {
  readonly id: string;
  readonly status: string;
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  readonly rowsRefused: number;
  readonly declarationsFiled: number;
  readonly declarationsUnchanged: number;
  readonly sha256: string;
  readonly problem?: { readonly code: string; readonly message: string; readonly line?: number };
}
interface RowView {
  readonly row: number;
  readonly line: number;
  readonly outcome: string;
  readonly declarationId?: string;
  readonly reference?: string;
  readonly errors?: readonly { column: string; code: string; message: string }[];
  readonly cells?: Readonly<Record<string, unknown>>;
}

const { items: _items, reference: _reference, ...CONSIGNMENT } = filing({});
const HEAD =
  'Referencia;Tipo;Fabricante;序號;Part of;Destino;Consignee name;Consignee country;End user;End user country;Uso final;Port of exit;Transport;Planned exit';

/** A row of a CSV file under `HEAD`. */
function line(
  reference: string,
  serial: string,
  facts: Partial<Record<'kind' | 'maker' | 'destination', string>> = {},
) {
  const { kind = 'Upper punch', maker = 'PTK', destination = 'au' } = facts;
  return `${reference};${kind};${maker};${serial};;${destination};Harbour Pharma;AU;"Harbour; Pharma";AU;"Contract\nmanufacture";TWKHH;sea;2036/12/5`;
}

overEngines('imports over HTTP', (engine) => {
  let app: App;
  before(async () => {
    app = await startApp({}, { engine });
  });
  after(() => app.close());

  const send = (raw: string | Uint8Array<ArrayBuffer>, type: string, query = '', as: Actor = EXPORTER) =>
    app.call<ImportView & ProblemView>('POST', `/v1/imports${query}`, {
      as,
      raw,
      headers: { 'content-type': type },
    });
  const finished = (id: string, as: Actor = EXPORTER): Promise<ImportView> =>
    until(async () => {
      const { body } = await app.get<ImportView>(`/v1/imports/${id}`, as);
      return ['completed', 'refused', 'failed'].includes(body.status) ? body : null;
    });
  async function imported(raw: string, type: string, query = '', as: Actor = EXPORTER): Promise<ImportView> {
    const answer = await send(raw, type, query, as);
    expect(answer.status, answer.text).to.equal(202);
    expect(answer.headers.get('location')).to.equal(`/v1/imports/${answer.body.id}`);
    return finished(answer.body.id, as);
  }
  async function rowsOf(id: string, outcome: string, limit = 500): Promise<RowView[]> {
    const path = `/v1/imports/${id}/rows?outcome=${outcome}&limit=${limit}`;
    return (await app.pages<{ rows: RowView[] }>(path, EXPORTER)).flatMap(({ rows }) => rows);
  }
  const declared = (id = ''): Promise<Answer<DeclarationView>> => app.get(`/v1/declarations/${id}`, EXPORTER);

  it('files what a CSV file with foreign headings declares, and it is verified and found', async () => {
    const file = `\ufeff${HEAD}\r\n${line('CSV-1', 'UP-1..3')}\r\n${line('CSV-2', 'UP-9')}\r\n${line('CSV-1', 'UP-4')}\r\n`;
    const done = await imported(file, CSV);
    expect(done).to.include({
      status: 'completed',
      rowsRead: 3,
      rowsAccepted: 3,
      rowsRefused: 0,
      declarationsFiled: 2,
    });
    const rows = await rowsOf(done.id, 'accepted');
    expect(rows.map(({ row, reference }) => [row, reference])).to.deep.equal([
      [1, 'CSV-1'],
      [3, 'CSV-1'],
      [2, 'CSV-2'],
    ]);
    expect(rows.map((row) => row.line)).to.deep.equal([2, 6, 4]);
    const { body } = await declared(rows[0]?.declarationId);
    expect(body.items.map(({ serial }) => serial)).to.deep.equal(['UP-1', 'UP-2', 'UP-3', 'UP-4']);
    expect(body).to.deep.include({
      reference: 'CSV-1',
      endUse: 'Contract\nmanufacture',
      plannedExit: '2036-12-05',
    });
    expect((await app.checked(rows[0]?.declarationId ?? '')).status).to.equal('verified');
    const found = await app.get<LookupView>('/v1/lookup?serial=up3', OFFICER);
    expect(found.body.matches[0]?.item).to.include({ serial: 'UP-3', kind: 'upper-punch' });
  });

  it('takes lines of JSON, flat, nested and as whole declarations', async () => {
    const flat = { ...CONSIGNMENT, reference: 'NDJ-1', kind: 'die', maker: 'PTK', 'serial number': 'ND-1' };
    const whole = filing({
      reference: 'NDJ-2',
      items: [
        { kind: 'die', maker: 'PTK', serial: 'ND-2' },
        { kind: 'die', maker: 'PTK', serial: 'ND-3' },
      ],
    });
    const done = await imported(`${JSON.stringify(flat)}\n\n${JSON.stringify(whole)}`, NDJSON);
    expect(done, JSON.stringify(done)).to.include({ status: 'completed', rowsRead: 3, declarationsFiled: 2 });
    const rows = await rowsOf(done.id, 'accepted');
    expect(rows.map((row) => row.line)).to.deep.equal([1, 3, 3]);
  });

  it('answers the same file with the same import, and the same declarations in another file as unchanged', async () => {
    const file = `${HEAD}\n${line('SAME-1', 'S-1')}\n`;
    const first = await imported(file, CSV);
    const again = await send(file, CSV);
    expect(again.body.id).to.equal(first.id);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    const other = await imported(`${file}${line('SAME-2', 'S-2')}\n`, CSV);
    expect(other).to.include({ status: 'completed', declarationsFiled: 1, declarationsUnchanged: 1 });
    expect(await finished(first.id)).to.include({ declarationsFiled: 1, declarationsUnchanged: 0 });
  });

  it('keeps one of two that come at the same time', async () => {
    const file = `${HEAD}\n${line('BOTH-1', 'BO-1')}\n`;
    const sent = await Promise.all([send(file, CSV), send(file, CSV), send(file, CSV)]);
    const ids = new Set(sent.map(({ body }) => body.id));
    expect(ids.size, sent.map(({ text }) => text).join()).to.equal(1);
    const done = await finished([...ids][0] ?? '');
    expect(done).to.include({ status: 'completed', rowsAccepted: 1, declarationsFiled: 1 });
  });

  it('files nothing of a file with a refused row, and says what is wrong with which', async () => {
    const file = `${HEAD}\n${line('ROLL-1', 'R-1')}\n${line('ROLL-2', 'R-2')}\n${line('ROLL-2', 'R-3', { kind: 'spoon' })}\n`;
    const done = await imported(file, CSV);
    expect(done).to.include({
      status: 'refused',
      rowsRead: 3,
      rowsAccepted: 0,
      rowsRefused: 2,
      declarationsFiled: 0,
    });
    expect(done.problem?.code).to.equal('rows-refused');
    const rows = await rowsOf(done.id, 'refused');
    expect(
      rows.map(({ row, line: at, errors }) => [row, at, errors?.[0]?.column, errors?.[0]?.code]),
    ).to.deep.equal([
      [2, 4, '', 'declaration-refused'],
      [3, 6, 'kind', 'unknown-kind'],
    ]);
    expect(rows[1]?.errors?.[0]?.message).to.equal('kind is no kind that the catalogue knows.');
    const listed = await app.get<{ declarations: { reference: string }[] }>(
      '/v1/declarations?limit=500',
      EXPORTER,
    );
    expect(listed.body.declarations.filter(({ reference }) => reference.startsWith('ROLL'))).to.deep.equal(
      [],
    );
    // Sent again it is tried again.
    expect((await send(file, CSV)).body.id).not.to.equal(done.id);
  });

  it('goes on past refused rows when told so, and hands them back to be mended', async () => {
    const file = `${HEAD}\n${line('GO-1', 'G-1')}\n${line('GO-2', '=2+3', { destination: 'XX' })}\n`;
    const done = await imported(file, CSV, '?onError=proceed');
    expect(done).to.include({ status: 'completed', rowsRead: 2, rowsAccepted: 1, rowsRefused: 1 });
    const refused = await app.call('GET', `/v1/imports/${done.id}/refused.csv`, { as: EXPORTER });
    expect(refused.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    expect(refused.text)
      .to.include('destination is no ISO 3166-1 alpha-2 country code.')
      .and.include("'=2+3");
    const mended = refused.text.replace(',XX,', ',AU,');
    const again = await imported(mended, CSV, '?onError=proceed');
    expect(again).to.include({ status: 'completed', rowsRead: 1, rowsAccepted: 1 });
    const [row] = await rowsOf(again.id, 'accepted');
    expect((await declared(row?.declarationId)).body.items[0]?.serial).to.equal('=2+3');
    const ndjson = await app.call('GET', `/v1/imports/${done.id}/refused.ndjson`, { as: EXPORTER });
    expect(JSON.parse(ndjson.text)).to.include({ _row: '2', reference: 'GO-2', serial: '=2+3' });
  });

  it('refuses a reference that stands for another declaration', async () => {
    const other = filing({ reference: 'TAKEN-1', items: [{ kind: 'die', maker: 'PTK', serial: 'T-1' }] });
    await app.file(other);
    for (const onError of ['rollback', 'proceed']) {
      const done = await imported(`${HEAD}\n${line('TAKEN-1', 'T-2')}\n`, CSV, `?onError=${onError}`);
      expect(done).to.include({ rowsAccepted: 0, rowsRefused: 1 });
      const [row] = await rowsOf(done.id, 'refused');
      expect(row?.errors?.map(({ column, code }) => [column, code])).to.deep.equal([
        ['reference', 'reference-taken'],
      ]);
    }
    const same = await imported(`${JSON.stringify(other)}\n`, NDJSON);
    expect(same).to.include({ status: 'completed', declarationsFiled: 0, declarationsUnchanged: 1 });
  });

  it('refuses what it cannot read, naming the line, and files nothing of it', async () => {
    const good = JSON.stringify(filing({ reference: 'BAD-0' }));
    const cases: [string, string, string, string, number | undefined][] = [
      ['cut.ndjson', `${good}\n{"reference":`, NDJSON, 'line-not-json', 2],
      ['twice', '{"reference":"A","reference":"B"}', NDJSON, 'duplicate-key', 1],
      ['empty', '\n\n', NDJSON, 'no-rows', undefined],
      ['headings only', `${HEAD}\n`, CSV, 'no-rows', undefined],
      ['heading', `${HEAD};Wat\n${line('BAD-1', 'B')}`, CSV, 'unknown-heading', 1],
      ['no reference', 'serial,maker\nA,B\n', CSV, 'heading-missing', 1],
      ['two', 'reference,serial,serial no\nA,B,C\n', CSV, 'heading-twice', 1],
      ['quote', `${HEAD}\n${line('BAD-2', '"B')}`, CSV, 'csv-unreadable', undefined],
      ['quote at the end', `reference,serial\nA,"B`, CSV, 'quote-not-closed', undefined],
      ['columns', `reference,${'x,'.repeat(300)}\nA`, CSV, 'too-many-columns', 1],
    ];
    for (const [name, file, type, code, at] of cases) {
      const done = await imported(file, type, '?onError=proceed');
      expect(done, name).to.include({ status: 'refused', rowsAccepted: 0 });
      expect(done.problem?.code, name).to.equal(code);
      if (at !== undefined) expect(done.problem?.line, name).to.equal(at);
    }
    const latin = await send(
      Uint8Array.from(Buffer.from('reference,maker\nA,Fabrik für Pressen', 'latin1')),
      CSV,
    );
    expect((await finished(latin.body.id)).problem?.code).to.equal('not-utf8');
  });

  it('reads what a mapping says of headings, and refuses a mapping that makes no sense', async () => {
    const file = `${HEAD.replace('序號', 'Werknummer')};Wat\n${line('MAP-1', 'M-1')};x\n`;
    const mapping = encodeURIComponent('{"Werknummer":"serial","wat":""}');
    expect(await imported(file, CSV, `?mapping=${mapping}`)).to.include({
      status: 'completed',
      rowsAccepted: 1,
    });
    for (const bad of ['{', '[]', '{"a":1}', '{"a":"nothing"}']) {
      const answer = await send(file, CSV, `?mapping=${encodeURIComponent(bad)}`);
      expect(answer.status, bad).to.equal(422);
      expect(answer.body.errors?.[0]?.field).to.equal('mapping');
    }
  });

  it('shows an import to its exporter and to regulators', async () => {
    const { id } = await imported(`${HEAD}\n${line('MINE-1', 'MI-1')}\n`, CSV);
    expect((await app.get(`/v1/imports/${id}`, RIVAL)).status).to.equal(404);
    expect((await app.get(`/v1/imports/${id}`, REGULATOR)).status).to.equal(200);
    const ids = async (as: Actor) =>
      (await app.pages<{ imports: ImportView[] }>('/v1/imports?limit=3', as)).flatMap(({ imports }) =>
        imports.map((one) => one.id),
      );
    expect((await ids(EXPORTER))[0]).to.equal(id);
    expect(await ids(RIVAL)).to.deep.equal([]);
    expect(await ids(REGULATOR)).to.deep.equal(await ids(EXPORTER));
  });

  it('takes its own template, in each format', async () => {
    const types = { csv: CSV, ndjson: NDJSON, xlsx: XLSX };
    for (const [format, type] of Object.entries(types)) {
      const headers = { authorization: `Bearer ${app.tokenOf(EXPORTER)}` };
      const template = await fetch(`${app.url}/v1/import-template.${format}`, { headers });
      expect(template.headers.get('content-type')).to.equal(type);
      const answer = await send(new Uint8Array(await template.arrayBuffer()), type);
      const done = await finished(answer.body.id);
      expect(done, JSON.stringify(done)).to.include({ status: 'completed', rowsRead: 2, rowsAccepted: 2 });
      // All three say the same.
      expect(done.declarationsFiled).to.equal(format === 'csv' ? 1 : 0);
    }
  });

  it('tells of thousands of rows in pages, each once', async () => {
    const rows = Array.from({ length: 2_600 }, (_, no) =>
      line(no < 2_100 ? 'MANY-1' : `MANY-${no}`, `MA-${no}`),
    );
    const done = await imported(`${HEAD}\n${rows.join('\n')}\n`, CSV, '?onError=proceed');
    expect(done).to.include({
      rowsRead: 2_600,
      rowsAccepted: 500,
      rowsRefused: 2_100,
      declarationsFiled: 500,
    });
    const refused = await rowsOf(done.id, 'refused', 333);
    expect(refused.map(({ row }) => row)).to.deep.equal(Array.from({ length: 2_100 }, (_, no) => no + 1));
    expect(refused[0]?.errors?.[0]?.code).to.equal('too-many');
    const accepted = await rowsOf(done.id, 'accepted', 7);
    expect(accepted.map(({ row }) => row)).to.deep.equal(Array.from({ length: 500 }, (_, no) => no + 2_101));
  }).timeout(120_000);
});
