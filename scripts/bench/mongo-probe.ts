import mongoose from 'mongoose';
import type { Probe, Serial } from './probe.ts';

/** Serials are picked from so many items. */
const PICKED_FROM = 100_000;

export async function openMongoProbe(
  url: string,
): Promise<Probe & { readonly connection: mongoose.Connection }> {
  const connection = await mongoose.createConnection(url).asPromise();
  const of = (name: string) => connection.collection(name);
  return {
    connection,
    countItems: () => of('items').countDocuments({}),
    countLookups: () => of('lookups').countDocuments({}),
    countUnfinished: (since) =>
      of('declarations').countDocuments({
        filedAt: { $gte: since },
        $or: [{ state: 'filed' }, { pending: { $ne: [] } }],
      }),
    countInState: (since, state) => of('declarations').countDocuments({ filedAt: { $gte: since }, state }),
    async sample(prng, size) {
      const all = await of('items')
        .find({}, { projection: { _id: 0, serial: 1, serialKey: 1 } })
        .limit(PICKED_FROM)
        .toArray();
      const serials = all.map(({ serial, serialKey }): Serial => ({
        serial: serial as string,
        key: serialKey as string,
      }));
      return Array.from({ length: size }, () => prng.pick(serials as [Serial, ...Serial[]]));
    },
    floor: { program: 'mongo-floor.js', args: [url] },
    close: () => connection.destroy(),
  };
}
