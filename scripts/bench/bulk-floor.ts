import type mongoose from 'mongoose';

const PER_CALL = 1_000;
const CALLS_AT_ONCE = 4;
const NAME = 'bench_floor';

/**
 * How many documents a second the bare driver inserts in bulk, with the concerns and the size of calls of a filing: items
 * as the registry keeps them, into an empty collection with the same indexes.
 */
export async function bulkInsertFloor(connection: mongoose.Connection, count: number): Promise<number> {
  const items = connection.collection('items');
  const floor = connection.collection(NAME);
  const like = await items.find({}).limit(PER_CALL).toArray();
  const indexes = await items.listIndexes().toArray();
  await floor.createIndexes(
    indexes
      .filter(({ name }) => name !== '_id_')
      .map(({ key, name, ...rest }) => {
        const { unique, partialFilterExpression } = rest as {
          unique?: boolean;
          partialFilterExpression?: object;
        };
        return {
          key: key as Record<string, 1>,
          name: name as string,
          ...(unique === undefined ? {} : { unique }),
          ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
        };
      }),
  );
  const calls = Array.from({ length: Math.ceil(count / PER_CALL) }, (_, call) =>
    like.map((document, index) => {
      const mark = `${call}X${index}`;
      return { ...document, _id: `floor_${mark}` as never, keys: [`K${mark}`], folds: [`F${mark}`] };
    }),
  );
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: CALLS_AT_ONCE }, async () => {
      for (let some = calls.pop(); some !== undefined; some = calls.pop()) {
        await floor.insertMany(some, { ordered: false, writeConcern: { w: 'majority', journal: true } });
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  await floor.drop();
  return (Math.ceil(count / PER_CALL) * like.length) / seconds;
}
