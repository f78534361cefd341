import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/main/clock.ts';
import { configuredPlace, openSource, openTarget, placeOf } from '../../src/main/places.ts';
import { openMongoStores } from '../../src/main/mongo-stores.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { Stores } from '../../src/main/stores.ts';
import type { Engine } from '../support/engines.ts';
import { overEngines } from '../support/engines.ts';
import { failureMessage } from '../support/failures.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';

describe('the name of a place', () => {
  it('is a folder, an address, or a variable that holds either', () => {
    const environment = { STORE: 'data', DB: 'mongodb://u:p@a,b/registry', SRV: 'mongodb+srv://a/b' };
    const here = join(process.cwd(), 'data');
    expect(placeOf('data', environment)).to.deep.equal({ folder: here });
    expect(placeOf('env:STORE', environment)).to.deep.equal({ folder: here });
    expect(placeOf('env:DB', environment)).to.deep.equal({ url: 'mongodb://u:p@a,b/registry' });
    expect(placeOf('mongodb+srv://a/b', {})).to.deep.equal({ url: 'mongodb+srv://a/b' });
    expect(() => placeOf('env:NONE', environment)).to.throw('The variable NONE is not set.');
  });

  it('is by default what the settings say', () => {
    expect(configuredPlace({ DATA_DIR: '/srv/registry' })).to.deep.equal({ folder: '/srv/registry' });
    const url = 'mongodb://a/b';
    expect(configuredPlace({ DATA_DIR: '/srv/registry', DATABASE_URL: url })).to.deep.equal({ url });
    expect(() => configuredPlace({ DATABASE_URL: 'http://a' })).to.throw('DATABASE_URL');
  });
});

describe('a folder', () => {
  afterEach(removeFolders);

  it('that holds nothing is no source', async () => {
    const folder = temporaryFolder();
    expect(await failureMessage(() => openSource({ folder }))).to.equal(
      `The folder ${folder} holds neither a register nor a complete archive.`,
    );
  });

  it('that holds an archive is no target', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'manifest.json'), '{}');
    expect(await failureMessage(() => openTarget({ folder }, 'reg_1'))).to.include('holds an archive');
  });

  it('that a registry works on is no target', async () => {
    const folder = join(temporaryFolder(), 'data');
    mkdirSync(folder);
    const first = await openTarget({ folder }, 'reg_1');
    expect(await failureMessage(() => openTarget({ folder }, 'reg_1'))).to.include(
      'in use by another process',
    );
    await first.close();
  });
});

/** Where a copy goes on this engine, and how a registry starts there. */
async function placeOn(engine: Engine) {
  const { environment, clean } = await engine.prepare();
  const folder = temporaryFolder();
  const url = environment['DATABASE_URL'];
  const place = url === undefined ? { folder } : { url };
  const serve = async (newId = 'reg_new'): Promise<string> => {
    const stores: Stores =
      url === undefined
        ? openSqliteStores(join(folder, 'registry.sqlite'), newId)
        : await openMongoStores({ url, clock: systemClock() }, newId);
    const { registerId } = stores;
    await stores.close();
    return registerId;
  };
  return { place, serve, clean };
}

overEngines('a store that is filled', function (engine) {
  this.timeout(60_000);
  let store: Awaited<ReturnType<typeof placeOn>>;
  beforeEach(async () => {
    store = await placeOn(engine);
  });
  afterEach(async () => {
    await store.clean();
    removeFolders();
  });
  const fill = async (registerId: string, complete: boolean): Promise<void> => {
    const opened = await openTarget(store.place, registerId);
    if (complete) await opened.complete();
    await opened.close();
  };

  it('is served once the copy is complete, and not before, under the id of the register', async () => {
    await fill('reg_1', false);
    expect(await failureMessage(() => store.serve())).to.include('is incomplete: run the copy');
    expect(await failureMessage(() => openSource(store.place))).to.include('is incomplete');
    await fill('reg_1', true);
    const { source, close } = await openSource(store.place);
    expect(source.registerId).to.equal('reg_1');
    await close();
    expect(await store.serve()).to.equal('reg_1');
  });

  it('can be filled further until a registry has worked on it', async () => {
    await fill('reg_1', true);
    await fill('reg_1', false);
    expect(await failureMessage(() => store.serve())).to.include('is incomplete');
    await fill('reg_1', true);
    await store.serve();
    expect(await failureMessage(() => fill('reg_1', true))).to.include('A registry has worked on the store');
    expect(await store.serve()).to.equal('reg_1');
  });

  it('takes no other register', async () => {
    await fill('reg_1', true);
    expect(await failureMessage(() => fill('reg_2', true))).to.include('holds another register');
    expect(await store.serve()).to.equal('reg_1');
  });

  it('is not one that holds a register of its own', async () => {
    await store.serve('reg_own');
    expect(await failureMessage(() => fill('reg_2', true))).to.include('holds another register');
  });
});
