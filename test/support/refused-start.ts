import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { temporaryFolder } from './folders.ts';
import type { TestDatabase } from './mongo-server.ts';
import { failToStart } from './process.ts';

/** Secrets of the addresses that tests give, which nobody may be told. */
const SECRETS = /hunter2|secret|:\/\/[\w[@]/i;

/**
 * Starts a registry that must refuse: with exit code 3 and exactly this one sentence, which holds no secret and no
 * address; and must write nothing into its data folder but the lock.
 */
export async function expectRefusal(
  environment: Readonly<Record<string, string>>,
  sentence: RegExp | string,
  args: readonly string[] = [],
): Promise<void> {
  const dataDir = temporaryFolder();
  // Whatever it logs is seen, and must hold no secret either.
  const settings = { DATA_DIR: dataDir, LOG_LEVEL: 'trace', ...environment };
  const { code, said, printed } = await failToStart(settings, args);
  const line = said.trimEnd();
  if (typeof sentence === 'string') expect(line).to.equal(sentence);
  else expect(line).to.match(sentence);
  expect(line.split('\n'), said).to.have.length(1);
  expect(line).to.match(/^[A-Z"].*[^.]\.$/);
  expect(said + printed).not.to.match(SECRETS);
  expect(code).to.equal(3);
  expect(readdirSync(dataDir).filter((name) => !name.startsWith('lock.'))).to.deep.equal([]);
}

/** Everything in a database: collections, their documents and their indexes. */
export async function contentsOf({ connection }: Pick<TestDatabase, 'connection'>): Promise<unknown> {
  const found = (await connection.db?.listCollections().toArray()) ?? [];
  const names = found.map(({ name }) => name).sort();
  return Promise.all(
    names.map(async (name) => {
      const collection = connection.collection(name);
      return {
        name,
        documents: await collection.find().toArray(),
        indexes: await collection.listIndexes().toArray(),
      };
    }),
  );
}
