import type { Model, Schema } from 'mongoose';
import type { Mongo } from './connect.ts';
import type { IndexKeys } from './duplicate-key.ts';

/** A collection, with the shape of its documents and its indexes, each of which has a name. */
export interface Collection<T> {
  readonly name: string;
  readonly schema: Schema<T>;
}

/** One index as it has to be. */
export interface IndexPlan {
  readonly collection: string;
  readonly name: string;
  readonly keys: IndexKeys;
  readonly unique: boolean;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
}

/** What every schema has: nothing is added to a document, and a filter that names an unknown field is a bug. */
export const SCHEMA_OPTIONS = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  minimize: false,
} as const;

export function modelOf<T>(connection: Mongo, { name, schema }: Collection<T>): Model<T> {
  return connection.model<T>(name, schema, name);
}

/** All indexes of these collections but the one on `_id`. @throws Error when one has no name */
export function indexPlans(collections: readonly Collection<never>[]): IndexPlan[] {
  return collections.flatMap(({ name: collection, schema }) =>
    schema.indexes().map(([keys, { name, unique, partialFilterExpression }]) => {
      if (name === undefined) throw new Error(`an index of ${collection} has no name`);
      return {
        collection,
        name,
        keys: keys as IndexKeys,
        unique: unique === true,
        ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
      };
    }),
  );
}
