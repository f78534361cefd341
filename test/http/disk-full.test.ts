import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { App, FiledView, LookupView, ProblemView } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { EXPORTER, OFFICER } from '../support/declarations.ts';
import { removeFolders } from '../support/folders.ts';
import { dieFiling, kit } from '../support/kits.ts';
import type { SmallDisk } from '../support/small-disk.ts';
import { fill, smallDisk } from '../support/small-disk.ts';

const MEBIBYTES = 24;

describe('the registry when its disk is full', function () {
  this.timeout(120_000);
  let disk: SmallDisk | null;
  let app: App;

  before(async function () {
    disk = smallDisk(MEBIBYTES);
    // Only root may mount; without a small disk nothing can be filled safely.
    if (disk === null) return this.skip();
    app = await startApp({ DATA_DIR: join(disk.folder, 'data') });
  });
  after(async () => {
    if (disk === null) return;
    await app.closeAndKeep();
    disk.remove();
    removeFolders();
  });

  it('refuses with 507 what it cannot store, loses nothing, and goes on by itself', async () => {
    const ballast = join(disk?.folder ?? '', 'ballast');
    const acknowledged: string[] = [];
    const kept = async (reference: string): Promise<number> => {
      const body = dieFiling(reference, { items: kit(`ZP33-2025-${reference}`, 36) });
      const answer = await app.post<FiledView & ProblemView>('/v1/declarations', EXPORTER, body, reference);
      if (answer.status === 201) acknowledged.push(answer.body.id);
      else expect(answer.body.code).to.equal('storage-full');
      return answer.status;
    };
    for (let no = 0; no < 5; no += 1) expect(await kept(`1000${no}`)).to.equal(201);

    fill(ballast);
    // What the write-ahead log still has room for may be taken; then nothing more is.
    const statuses: number[] = [];
    while (statuses.at(-1) !== 507) statuses.push(await kept(`2${String(statuses.length).padStart(4, '0')}`));
    expect(await kept('30000')).to.equal(507);
    const looked = await app.get<LookupView & ProblemView>('/v1/lookup?serial=ZP33-2025-10000', OFFICER);
    expect(looked.status, 'a look-up that cannot be logged').to.equal(507);
    const read = await app.get(`/v1/declarations/${acknowledged[0]}`, OFFICER);
    expect(read.status, 'what is stored can be read').to.equal(200);
    await until(async () => ((await app.get('/readyz')).status === 503 ? true : null));
    const ready = await app.get<{ status: string; checks: { store: string } }>('/readyz');
    expect(ready.body).to.deep.include({ status: 'not-ready' });
    expect(ready.body.checks.store).to.equal('cannot be written');

    rmSync(ballast);
    await until(async () => ((await kept('30000')) === 201 ? true : null));
    expect((await app.get('/v1/lookup?serial=ZP33-2025-10000', OFFICER)).status).to.equal(200);
    await until(async () => ((await app.get('/readyz')).status === 200 ? true : null));
    for (const id of acknowledged) expect((await app.checked(id)).status).to.equal('verified');
    type Page = { declarations: { id: string }[] };
    const pages = await app.pages<Page>('/v1/declarations?limit=500', EXPORTER);
    const listed = pages.flatMap(({ declarations }) => declarations.map(({ id }) => id));
    expect(listed).to.have.members(acknowledged);
  });
});
