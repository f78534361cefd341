import { expect } from 'chai';
import { mongo } from 'mongoose';
import { isFailure } from '../../../src/kernel/failure.ts';
import { isOutcomeUnknown, translated } from '../../../src/platform/mongo/index.ts';
import { NOT_PRIMARY, UNAUTHORIZED, WTIMEOUT } from '../../support/mongo-answers.ts';
import type { Part } from '../../support/mongo-wire-proxy.ts';
import { throughWire } from '../../support/wired.ts';

function codeOf(error: unknown): string | null {
  const found = translated(error);
  return isFailure(found) ? found.code : null;
}

/** A batch whose connection broke, as the driver throws it. */
function brokenBatch(): mongo.MongoBulkWriteError {
  const broken = new mongo.MongoNetworkError('connection 7 to 127.0.0.1:27017 closed');
  const result = { getWriteConcernError: () => undefined } as unknown as mongo.BulkWriteResult;
  return new mongo.MongoBulkWriteError(broken, result);
}

describe('errors of the MongoDB driver', () => {
  it('say that the store is away when a connection broke, in whatever way the driver tells it', () => {
    const plain = Object.assign(new Error('This socket has been ended by the other party'), {
      code: 'EPIPE',
    });
    for (const error of [new mongo.MongoNetworkError('closed'), plain, brokenBatch()]) {
      expect(codeOf(error)).to.equal('store-away');
      expect(isOutcomeUnknown(error)).to.equal(true);
    }
  });

  it('say that the disk is full, in the words of either server', () => {
    for (const facts of [
      { code: 14_031, message: 'available disk space of 1 bytes is less than required' },
      { code: 1, message: 'could not extend file "base/16384/1": No space left on device' },
    ]) {
      const failure = translated(new mongo.MongoServerError(facts));
      expect(isFailure(failure, 'storage-full') && failure.retryAfterSeconds).to.equal(30);
    }
  });

  it('stay what they are when they tell of something else', () => {
    for (const error of [new Error('a bug'), new mongo.MongoServerError({ message: 'bad value', code: 2 })]) {
      expect(translated(error)).to.equal(error);
      expect(isOutcomeUnknown(error)).to.equal(false);
    }
  });
});

throughWire('what becomes of a write', (wired) => {
  /** What the driver throws at a write of one record and at a batch, each time it is disturbed so. */
  async function errorsOf(part: Part, times: number): Promise<unknown[]> {
    const { connection, proxy } = wired();
    const collection = connection.collection<{ _id: string }>('lookups');
    const errors: unknown[] = [];
    const note = (error: unknown): void => void errors.push(error);
    proxy.play({ command: 'insert', times }, part);
    await collection.insertOne({ _id: 'one' }).catch(note);
    proxy.play({ command: 'insert', times }, part);
    await collection.insertMany([{ _id: 'two' }, { _id: 'three' }], { ordered: false }).catch(note);
    return errors;
  }

  const stored = async (): Promise<string[]> =>
    (await wired().database.connection.collection<{ _id: string }>('lookups').find().toArray())
      .map(({ _id }) => _id)
      .sort();

  // The driver sends a write again when it got no answer, and once only.
  for (const [title, part, times, code] of [
    ['that a server does which is no primary any more', NOT_PRIMARY, 2, 'store-away'],
    ['that never reaches the server', { commandLost: 'cut' }, 2, 'store-away'],
    ['whose answer is lost', { answerLost: 'cut' }, 2, 'store-away'],
    ['that no majority confirms in time', WTIMEOUT, 1, 'store-unsure'],
  ] as const) {
    it(`is unknown of one ${title}, and of a batch`, async () => {
      const errors = await errorsOf(part, times);
      expect(errors.map(codeOf)).to.deep.equal([code, code]);
      expect(errors.map(isOutcomeUnknown)).to.deep.equal([true, true]);
      const wasDone = 'answerLost' in part || 'answer' in part;
      expect(await stored()).to.deep.equal(wasDone ? ['one', 'three', 'two'] : []);
    });
  }

  it('is known of one that is not allowed', async () => {
    const errors = await errorsOf(UNAUTHORIZED, 1);
    expect(errors.map(isOutcomeUnknown)).to.deep.equal([false, false]);
    expect(errors.map(translated)).to.deep.equal(errors);
  });

  it('is that it is done when the driver got an answer the second time', async () => {
    expect(await errorsOf(NOT_PRIMARY, 1)).to.deep.equal([]);
    expect(await errorsOf({ commandLost: 'cut' }, 1)).to.have.length(2); // duplicates of the ones above
    expect(await stored()).to.deep.equal(['one', 'three', 'two']);
  });
});
