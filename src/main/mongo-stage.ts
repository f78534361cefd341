import type { Model } from 'mongoose';
import { Schema } from 'mongoose';
import type { Collection, Mongo } from '../platform/mongo/index.ts';
import { modelOf, SCHEMA_OPTIONS, violatedIndex } from '../platform/mongo/index.ts';
import { copyIncomplete, otherRegister, type Stage, wasServed } from './stage.ts';

/** How the documents are laid out. A change that older versions can't read is a new number. */
const FORMAT = 1;
const ID = 'registry';

/** The one document that says what the store is. */
export interface RegistryDocument {
  readonly _id: typeof ID;
  readonly registerId: string;
  readonly format: number;
  readonly probes: number;
  /** Absent in stores of early versions: `serving`. */
  readonly stage?: Stage;
}

export const REGISTRY: Collection<RegistryDocument> = {
  name: 'registry',
  schema: new Schema<RegistryDocument>(
    {
      _id: { type: String, required: true },
      registerId: String,
      format: Number,
      probes: Number,
      stage: String,
    },
    SCHEMA_OPTIONS,
  ),
};

type Registry = Model<RegistryDocument>;

export function registryOf(connection: Mongo): Registry {
  return modelOf<RegistryDocument>(connection, REGISTRY);
}

/** @throws Error of one sentence when a newer version wrote the store */
export async function assertFormat(registry: Registry): Promise<void> {
  const found = await find(registry);
  if (found !== null && found.format > FORMAT) {
    throw new Error(
      `The store was written by a newer version: its format is ${found.format}, the newest known here is ${FORMAT}.`,
    );
  }
}

/**
 * Makes the store one that a registry works on, of a new register where it holds none.
 * @param admit is told the register's id before anything is written
 * @returns the register's id
 * @throws Error of one sentence when a copy into it was not completed; whatever `admit` throws
 */
export async function beginServing(
  registry: Registry,
  newRegisterId: string,
  admit: (registerId: string) => void,
): Promise<string> {
  admit((await find(registry))?.registerId ?? newRegisterId);
  for (;;) {
    try {
      // Where a copy was begun the filter finds nothing, and what is inserted instead has an id that is there.
      const { registerId } = await registry
        .findOneAndUpdate(
          { _id: ID, stage: { $ne: 'filling' } },
          {
            $setOnInsert: { registerId: newRegisterId, format: FORMAT },
            $set: { stage: 'serving' },
            $inc: { probes: 1 },
          },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<RegistryDocument>()
        .orFail()
        .exec();
      return registerId;
    } catch (error) {
      if (violatedIndex(error) === null) throw error;
      // Otherwise another process made it at the same moment, and now it is found.
      if ((await find(registry))?.stage === 'filling') throw copyIncomplete('in this database');
    }
  }
}

/**
 * Makes the store one that a copy of a register goes into.
 * @throws Error of one sentence when another register is there, or a registry has worked on it: what it recorded must
 * not be mixed with what is copied
 */
export async function beginFilling(registry: Registry, registerId: string): Promise<void> {
  const again = await registry
    .updateOne({ _id: ID, registerId, stage: { $in: ['filling', 'filled'] } }, { stage: 'filling' })
    .exec();
  if (again.matchedCount === 1) return;
  try {
    const first: RegistryDocument = { _id: ID, registerId, format: FORMAT, probes: 0, stage: 'filling' };
    await registry.collection.insertOne(first as never);
  } catch (error) {
    if (violatedIndex(error) === null) throw error;
    const found = await find(registry);
    throw found?.registerId === registerId
      ? wasServed('in this database')
      : otherRegister('in this database');
  }
}

/** Says that the copy is complete. */
export async function endFilling(registry: Registry): Promise<void> {
  await registry.updateOne({ _id: ID, stage: 'filling' }, { stage: 'filled' }).exec();
}

/**
 * The id of the register that the store holds.
 * @throws Error of one sentence when it holds none, or a copy into it was not completed
 */
export async function registerIdIn(registry: Registry): Promise<string> {
  const found = await find(registry);
  if (found === null) throw new Error('This database holds no register.');
  if (found.stage === 'filling') throw copyIncomplete('in this database');
  return found.registerId;
}

function find(registry: Registry): Promise<RegistryDocument | null> {
  return registry.findById(ID).lean<RegistryDocument>().exec();
}
