import type { Model, mongo } from 'mongoose';
import { translating } from './translate.ts';

/** A record that is replaced as a whole; it says with each write who wrote it, and when it is to be looked at again. */
interface Versioned {
  readonly _id: string;
  /** Absent, not null, so that an index of what is due holds only that. */
  readonly dueAt?: string;
  /** Another one with each write, by which a write whose answer was lost is told from a rival's. */
  readonly stamp?: mongo.ObjectId;
}

/** Where a page of records ended that come the latest first. */
interface After {
  readonly createdAt: string;
  readonly id: string;
}

/** Whether the last write of the record was the one with this stamp, as a majority of the servers has it. */
export async function bearsStamp<T extends Versioned>(
  model: Model<T>,
  id: string,
  stamp: mongo.ObjectId,
): Promise<boolean> {
  const found = await translating(() =>
    model.findById(id, { stamp: 1 }).lean<Pick<Versioned, 'stamp'>>().exec(),
  );
  return found?.stamp?.equals(stamp) === true;
}

/** Ids of records that are due at `now` or before, the longest due first. */
export async function dueIds<T extends Versioned>(
  model: Model<T>,
  now: string,
  limit: number,
): Promise<string[]> {
  const found = await translating(() =>
    model
      .find({ dueAt: { $exists: true, $lte: now } } as never, { _id: 1 })
      .sort({ dueAt: 1 })
      .limit(limit)
      .lean<{ _id: string }[]>()
      .exec(),
  );
  return found.map(({ _id }) => _id);
}

/** Records after the one of this id, in order of id; null: from the first. */
export function pageById<T extends Versioned>(
  model: Model<T>,
  afterId: string | null,
  limit: number,
): Promise<T[]> {
  return translating(() =>
    model
      .find({ _id: { $gt: afterId ?? '' } } as never)
      .sort({ _id: 1 })
      .limit(limit)
      .lean<T[]>()
      .exec(),
  );
}

/** Records that `filter` leaves, or all, the latest made first; after one of them, if given. */
export function latestFirst<T extends Versioned>(
  model: Model<T>,
  filter: Readonly<Record<string, string>>,
  after: After | undefined,
  limit: number,
): Promise<T[]> {
  const isOfAll = Object.keys(filter).length === 0;
  // Not every server finds all records by an index for the sake of their order: a bound asks for it.
  const first = isOfAll ? { createdAt: { $gte: '' } } : {};
  const later = after && {
    createdAt: { $lte: after.createdAt },
    $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, _id: { $lt: after.id } }],
  };
  return translating(() =>
    model
      .find({ ...filter, ...(later ?? first) } as never)
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .lean<T[]>()
      .exec(),
  );
}
