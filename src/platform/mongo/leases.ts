import { isDeepStrictEqual } from 'node:util';
import { Schema } from 'mongoose';
import type { Lease, LeaseStore } from '../../kernel/lease.ts';
import type { Mongo } from './connect.ts';
import { violatedIndex } from './duplicate-key.ts';
import { modelOf, SCHEMA_OPTIONS } from './models.ts';
import { translated, translating } from './translate.ts';

type LeaseDocument = Omit<Lease, 'name'> & { readonly _id: string };

const LEASES = {
  name: 'leases',
  schema: new Schema<LeaseDocument>(
    { _id: { type: String, required: true }, holder: String, token: Number, beat: Number },
    SCHEMA_OPTIONS,
  ),
};
export const LEASE_COLLECTIONS = [LEASES];

/** Each change is one write that expects the state it was decided from. */
export function createMongoLeaseStore(connection: Mongo): LeaseStore {
  const leases = modelOf<LeaseDocument>(connection, LEASES);

  async function change(seen: Lease, next: Lease): Promise<Lease | null> {
    const { name, holder, token, beat } = seen;
    const { modifiedCount } = await translating(() =>
      leases
        .updateOne(
          { _id: name, holder, token, beat },
          { holder: next.holder, token: next.token, beat: next.beat },
        )
        .exec(),
    );
    return modifiedCount === 1 ? next : ifHeld(next);
  }

  /** A write that the driver sent twice, because the first answer was lost, finds its own effect the second time. */
  async function ifHeld(lease: Lease): Promise<Lease | null> {
    return isDeepStrictEqual(await read(lease.name), lease) ? lease : null;
  }

  async function read(name: string): Promise<Lease | null> {
    const found = await translating(() => leases.findById(name).lean<LeaseDocument>().exec());
    return found === null ? null : { name, holder: found.holder, token: found.token, beat: found.beat };
  }

  return {
    read,
    async take(name, holder, seen) {
      if (seen !== null) return change(seen, { name, holder, token: seen.token + 1, beat: seen.beat + 1 });
      const first = { name, holder, token: 1, beat: 1 };
      try {
        await leases.collection.insertOne({ _id: name, holder, token: 1, beat: 1 } as never);
        return first;
      } catch (error) {
        if (violatedIndex(error) !== null) return ifHeld(first);
        throw translated(error);
      }
    },
    renew: (lease) => change(lease, { ...lease, beat: lease.beat + 1 }),
    async release(lease) {
      await change(lease, { ...lease, holder: '', beat: lease.beat + 1 });
    },
  };
}
