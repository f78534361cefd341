import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { RecordSource } from '../../../src/modules/transfer/index.ts';
import {
  compareRecords,
  isArchive,
  KINDS,
  openArchive,
  storedRecords,
  writeArchive,
} from '../../../src/modules/transfer/index.ts';
import { failureMessage } from '../../support/failures.ts';
import { removeFolders, temporaryFolder } from '../../support/folders.ts';
import { createMemoryStores, noRecords } from '../../support/memory-stores.ts';
import { fillStores, itemRecord } from '../../support/records.ts';
import { START } from '../../support/times.ts';

const FILES = [
  'audit-run-parts',
  'audit-runs',
  'declarations',
  'import-parts',
  'imports',
  'items',
  'lookups',
  'refused-filings',
].map((name) => `${name}.ndjson.gz`);
const COUNTS = [3, 40, 2, 5, 2, 3, 2, 3];
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('an archive', () => {
  let folder: string;
  let source: RecordSource;

  beforeEach(async () => {
    folder = join(temporaryFolder(), 'backups', 'one');
    const stores = createMemoryStores(noRecords());
    await fillStores(stores);
    source = storedRecords(stores);
  });
  afterEach(removeFolders);

  it('holds every record, for its owner alone, with what they add up to', async () => {
    const manifest = await writeArchive(source, folder, START);
    expect(readdirSync(folder).sort()).to.deep.equal([...FILES, 'manifest.json'].sort());
    for (const file of ['', ...FILES]) expect(statSync(join(folder, file)).mode & 0o077, file).to.equal(0);
    const { manifest: read, ...archive } = await openArchive(folder);
    expect(read).to.deep.equal(manifest);
    expect([read.registerId, read.createdAt]).to.deep.equal(['reg_test', START]);
    const compared = await compareRecords(source, archive);
    expect(compared.equal).to.equal(true);
    expect(compared.kinds.map(({ first }) => first.count)).to.deep.equal(COUNTS);
    for (const { kind, first } of compared.kinds) expect(read.kinds[kind]).to.include(first);
    expect(await Promise.all(KINDS.map((kind) => archive.count(kind)))).to.deep.equal(COUNTS);
  });

  it('can be checked with gunzip and sha256sum', async () => {
    const { kinds } = await writeArchive(source, folder, START);
    const bytes = readFileSync(join(folder, 'items.ndjson.gz'));
    expect(sha256(bytes)).to.equal(kinds.items.fileDigest);
    expect(sha256(gunzipSync(bytes))).to.equal(kinds.items.digest);
    expect(gunzipSync(bytes).toString().split('\n')).to.have.length(kinds.items.count + 1);
  });

  it('holds records of any size, and none', async () => {
    const stores = createMemoryStores(noRecords());
    await stores.register.adopt([itemRecord('LONG-1', 10_000), itemRecord('SHORT-1', 0)]);
    await writeArchive(storedRecords(stores), folder, START);
    expect((await compareRecords(storedRecords(stores), await openArchive(folder))).equal).to.equal(true);
  });

  it('is never written over', async () => {
    await writeArchive(source, folder, START);
    const before = readFileSync(join(folder, 'manifest.json'), 'utf8');
    expect(await failureMessage(() => writeArchive(source, folder, START))).to.equal(
      `The folder ${folder} holds an archive already.`,
    );
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).to.equal(before);
  });

  it('is not written among other files', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'registry.sqlite'), '');
    expect(await failureMessage(() => writeArchive(source, folder, START))).to.include('registry.sqlite');
  });

  it('is none before it is complete, and is then written anew', async () => {
    const failing: RecordSource = {
      ...source,
      pages: (kind) => {
        if (kind === 'lookups') throw new Error('killed');
        return source.pages(kind);
      },
    };
    expect(await failureMessage(() => writeArchive(failing, folder, START))).to.equal('killed');
    expect(existsSync(join(folder, 'items.ndjson.gz'))).to.equal(true);
    expect(isArchive(folder)).to.equal(false);
    expect(await failureMessage(() => openArchive(folder))).to.equal(
      `The folder ${folder} holds no complete archive: manifest.json can not be read.`,
    );
    writeFileSync(join(folder, 'items.ndjson.gz.part'), 'left by a kill');
    await writeArchive(source, folder, START);
    expect((await compareRecords(source, await openArchive(folder))).equal).to.equal(true);
  });

  describe('that is damaged', () => {
    const file = () => join(folder, 'items.ndjson.gz');
    const refusal = () => failureMessage(() => openArchive(folder));
    beforeEach(() => writeArchive(source, folder, START));

    it('is refused, naming the file: a changed byte', async () => {
      const bytes = readFileSync(file());
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(file(), bytes);
      expect(await refusal()).to.equal(`The file ${file()} is damaged: it is not what manifest.json says.`);
    });

    it('is refused, naming the file: cut short', async () => {
      truncateSync(file(), statSync(file()).size - 1);
      expect(await refusal()).to.equal(`The file ${file()} is damaged: it is not what manifest.json says.`);
    });

    it('is refused, naming the file: missing', async () => {
      rmSync(file());
      expect(await refusal()).to.equal(`The file ${file()} can not be read.`);
    });

    it('is refused when its list tells another file than its records', async () => {
      const other = gzipSync(Buffer.concat([gunzipSync(readFileSync(file())), Buffer.from('{}\n')]));
      writeFileSync(file(), other);
      const list = join(folder, 'manifest.json');
      const { files, ...rest } = JSON.parse(readFileSync(list, 'utf8')) as { files: { file: string }[] };
      const changed = files.map((each) =>
        each.file === 'items.ndjson.gz' ? { ...each, fileDigest: sha256(other) } : each,
      );
      writeFileSync(list, JSON.stringify({ ...rest, files: changed }));
      const archive = await openArchive(folder);
      const read = async () => {
        for await (const page of archive.pages('items')) expect(page).not.to.have.length(0);
      };
      expect(await failureMessage(read)).to.equal(
        `The file ${file()} does not hold the records that manifest.json says.`,
      );
    });

    for (const [what, text, sentence] of [
      ['is no JSON', 'not JSON', 'is no JSON object'],
      ['is of something else', '{"format":"other"}', 'is no list of an archive of this registry'],
      [
        'is of a later version',
        '{"format":"pill-press-registry archive","version":4}',
        'is of version 4, and this program reads version 3',
      ],
      ['lacks the files', '{"format":"pill-press-registry archive","version":3}', 'is damaged'],
      [
        'lacks a file',
        '{"format":"pill-press-registry archive","version":3,"registerId":"r","createdAt":"c","files":[]}',
        'does not tell what declarations.ndjson.gz holds',
      ],
    ] as const) {
      it(`is refused when its list ${what}`, async () => {
        const list = join(folder, 'manifest.json');
        writeFileSync(list, text);
        expect(await refusal()).to.equal(`The file ${list} ${sentence}.`);
      });
    }
  });
});
