import { mongo } from 'mongoose';
import { expect } from 'chai';
import { isFailure } from '../../src/kernel/failure.ts';
import { isOutcomeUnknown, translated } from '../../src/platform/mongo/index.ts';

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

  it('stay what they are when they tell of something else', () => {
    for (const error of [new Error('a bug'), new mongo.MongoServerError({ message: 'bad value', code: 2 })]) {
      expect(translated(error)).to.equal(error);
      expect(isOutcomeUnknown(error)).to.equal(false);
    }
  });
});
