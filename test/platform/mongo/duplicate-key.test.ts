import { expect } from 'chai';
import { mongo } from 'mongoose';
import { areAllDuplicates, violatedIndex } from '../../../src/platform/mongo/index.ts';
import { DUPLICATE_FORMS, duplicatesTold, WTIMEOUT } from '../../support/mongo-answers.ts';
import { throughWire } from '../../support/wired.ts';

const INDEXES = {
  by_key: { org: 1, idempotencyKey: 1 },
  by_reference: { org: 1, reference: 1 },
  by_time: { at: -1 },
} as const;

function serverError(facts: mongo.ErrorDescription): mongo.MongoServerError {
  return new mongo.MongoServerError({ code: 11_000, ...facts });
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('nothing failed'),
    (error: unknown) => error,
  );
}

describe('a duplicate-key error', () => {
  it('names the index in the message of MongoDB, whatever the values are', () => {
    const start = 'E11000 duplicate key error collection: registry.declarations index: ';
    for (const end of [
      'by_reference dup key: { org: "acme", reference: "INV-1" }',
      `by_reference dup key: { org: "Index 'by_key'", reference: "index: by_time dup key: x" }`,
    ]) {
      expect(violatedIndex(serverError({ message: start + end }), INDEXES)).to.equal('by_reference');
    }
    const byId = `${start}_id_ dup key: { _id: "dcl_1" }`;
    expect(violatedIndex(serverError({ message: byId }))).to.equal('_id_');
  });

  it('names the index in the message of DocumentDB', () => {
    const message = "Duplicate key violation on the requested collection: Index 'by_key'";
    expect(violatedIndex(serverError({ message }))).to.equal('by_key');
  });

  it('names fields alone, which lead to the index, in their order and direction', () => {
    const from = (keyPattern: object): string | null =>
      violatedIndex(serverError({ message: 'E11000 duplicate key error', keyPattern }), INDEXES);
    expect(from({ org: 1, reference: 1 })).to.equal('by_reference');
    expect(from({ at: -1 })).to.equal('by_time');
    expect(from({ _id: 1 })).to.equal('_id_');
    expect([from({ reference: 1, org: 1 }), from({ at: 1 }), from({})]).to.deep.equal(
      Array<string>(3).fill('unknown'),
    );
  });

  it('is a duplicate also when nothing is named', () => {
    expect(
      violatedIndex(serverError({ message: 'Duplicate key violation on the requested collection.' })),
    ).to.equal('unknown');
  });

  it('is nothing else', () => {
    const other = serverError({ code: 13, message: "Index 'by_key'" });
    for (const error of [other, new Error("Index 'by_key'"), { code: 11_000 }, null]) {
      expect(violatedIndex(error)).to.equal(null);
      expect(areAllDuplicates(error)).to.equal(false);
    }
  });
});

throughWire('duplicates as servers tell them', (wired) => {
  const declaration = (_id: string, reference: string) => ({ _id, org: 'acme', reference }) as never;

  for (const form of DUPLICATE_FORMS) {
    describe(`in the form of ${form}`, () => {
      const declarations = () => wired().connection.collection('declarations');

      beforeEach(async () => {
        await declarations().insertOne(declaration('one', 'INV-1'));
        const part = duplicatesTold(form, wired().keysOf);
        wired().proxy.play({ command: 'insert', times: Infinity }, part);
      });

      it('a single write names the index', async () => {
        const indexes = { declarations_by_reference: { org: 1, reference: 1 } } as const;
        const byReference = await errorOf(declarations().insertOne(declaration('two', 'INV-1')));
        expect(violatedIndex(byReference, indexes)).to.equal('declarations_by_reference');
        expect((byReference as Error).message.startsWith('E11000')).to.equal(form !== 'DocumentDB');
        expect(Object.hasOwn(byReference as object, 'keyPattern')).to.equal(form !== 'DocumentDB');
        const byId = await errorOf(declarations().insertOne(declaration('one', 'INV-2')));
        expect(violatedIndex(byId, indexes)).to.equal('_id_');
        expect(areAllDuplicates(byId)).to.equal(true);
      });

      it('a batch stores the others, and tells that duplicates are all that went wrong', async () => {
        const batch = [
          declaration('one', 'INV-9'),
          declaration('two', 'INV-2'),
          declaration('three', 'INV-1'),
        ];
        const error = await errorOf(declarations().insertMany(batch, { ordered: false }));
        expect(areAllDuplicates(error)).to.equal(true);
        expect(violatedIndex(error)).not.to.equal(null);
        expect(await declarations().distinct('_id')).to.have.members(['one', 'two']);
      });
    });
  }

  it('a batch with duplicates that no majority confirmed is not one of duplicates alone', async () => {
    const collection = wired().connection.collection('declarations');
    await collection.insertOne(declaration('one', 'INV-1'));
    wired().proxy.play({ command: 'insert' }, WTIMEOUT);
    const batch = [declaration('one', 'INV-1'), declaration('two', 'INV-2')];
    const error = await errorOf(collection.insertMany(batch, { ordered: false }));
    expect(error).to.be.instanceOf(mongo.MongoBulkWriteError);
    expect(areAllDuplicates(error)).to.equal(false);
  });
});
