import { expect } from 'chai';
import { openMongo } from '../../../src/platform/mongo/index.ts';
import { freePort } from '../../support/ports.ts';

async function refusal(url: string): Promise<string> {
  try {
    const connection = await openMongo(url, { appName: 'test' }, () => Date.now());
    await connection.destroy();
    return 'usable';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a MongoDB that can not be used', () => {
  it('is one that can not be reached, and that is said without the address', async () => {
    const url = `mongodb://registry:hunter2@127.0.0.1:${await freePort()}/registry`;
    expect(await refusal(url)).to.equal('MongoDB cannot be reached: ECONNREFUSED.');
  });

  it('has an address that is none, which is not repeated', async () => {
    const sentence = await refusal('mongodb://registry:hunter2@/registry');
    expect(sentence).to.equal('DATABASE_URL is no address that MongoDB understands.');
  });
});
