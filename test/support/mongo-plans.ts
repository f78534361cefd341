import type { Mongo } from '../../src/platform/mongo/index.ts';
import type { Command } from './mongo-wire-proxy.ts';
import type { Body } from './mongo-wire.ts';

/** A query as it can be explained: `find` or `aggregate`, with what it asks for. */
export type Query = Body;

/** What a command looks for. A write looks for records as a read with its filter does: not every server explains writes. */
export function queriesOf({ name, collection, body }: Command): Query[] {
  switch (name) {
    case 'find':
      return [pick(body, ['find', 'filter', 'sort', 'projection', 'skip', 'limit', 'hint'])];
    case 'aggregate':
      return [{ ...pick(body, ['aggregate', 'pipeline', 'hint']), cursor: {} }];
    case 'distinct':
      return [{ find: collection, filter: (body['query'] ?? {}) as Body }];
    case 'count':
      // Without a filter it is answered from what a server keeps about the collection.
      return body['query'] === undefined || isEmpty(body['query'])
        ? []
        : [pick(body, ['count', 'query', 'limit'])];
    case 'findAndModify':
      return [{ find: collection, filter: body['query'] as Body, ...pick(body, ['sort']) }];
    case 'update':
    case 'delete':
      return (body[`${name}s`] as Body[]).map(({ q }) => ({ find: collection, filter: q as Body }));
    case 'insert':
    case 'getMore':
    case 'killCursors':
    case 'hello':
      return [];
    default:
      throw new Error(`nobody knows whether ${name} looks for records`);
  }
}

/** The query without its values: two of one shape use the same index. */
export function shapeOf(query: Query): string {
  return JSON.stringify(query, (key, value: unknown) => {
    if (key === 'projection') return undefined;
    if (key === '$in' || key === '$nin') return ['…'];
    return typeof value === 'object' || ['sort', 'hint'].includes(key) || isName(key, value) ? value : '…';
  });
}

const isName = (key: string, value: unknown): boolean =>
  ['find', 'aggregate', 'count'].includes(key) || value === 1 || value === -1;

/**
 * The names of the indexes by which the server finds what the query asks for; null when it looks at all records, in any
 * part of its plan. MongoDB and DocumentDB tell of plans in other ways.
 */
export async function indexesUsed(connection: Mongo, query: Query): Promise<string[] | null> {
  const explained = await connection.db!.command({ explain: query, verbosity: 'queryPlanner' });
  return indexesIn(explained, query);
}

/** Stages that read no records of their own. */
const ABOVE = new Set(['GROUP', 'PROJECTION_DEFAULT', 'EOF']);
const BY_ID = new Set(['IDHACK', 'CLUSTERED_IXSCAN', 'EXPRESS_CLUSTERED_IXSCAN']);
const BY_INDEX = new Set(['IXSCAN', 'EXPRESS_IXSCAN', 'COUNT_SCAN', 'DISTINCT_SCAN']);
const INNER = ['inputStage', 'inputStages', 'outerStage', 'innerStage', 'queryPlan', 'shards', 'winningPlan'];

/** As `indexesUsed`, of what a server explained. */
export function indexesIn(explained: Body, query: Query): string[] | null {
  const leaves = plansIn(explained)
    .flatMap(leavesOf)
    .filter(({ stage }) => !ABOVE.has(String(stage)));
  const indexes = leaves.map((leaf) => indexOf(leaf, query));
  if (indexes.length === 0 || indexes.includes(null)) return null;
  return [...new Set(indexes.map(String))].sort();
}

/** An aggregation has a plan for each of its stages. */
function plansIn(explained: unknown): Body[] {
  if (Array.isArray(explained)) return explained.flatMap(plansIn);
  if (typeof explained !== 'object' || explained === null) return [];
  const { winningPlan, ...rest } = explained as Body;
  if (winningPlan !== undefined) return [winningPlan as Body];
  return Object.entries(rest).flatMap(([key, value]) => (key === 'rejectedPlans' ? [] : plansIn(value)));
}

function leavesOf(plan: Body): Body[] {
  const inner = INNER.flatMap((key) => (plan[key] === undefined ? [] : ([plan[key]].flat() as Body[])));
  return inner.length === 0 ? [plan] : inner.flatMap(leavesOf);
}

function indexOf(leaf: Body, query: Query): string | null {
  const { stage, indexName } = leaf as { stage: string; indexName?: string };
  if (BY_ID.has(stage)) return '_id_';
  if (BY_INDEX.has(stage)) return isBounded(leaf) ? (indexName ?? null) : null;
  // DocumentDB has no other word for a look-up by its primary key, by which it also goes through everything.
  return stage === 'COLLSCAN' && indexName === '_id_' && asksForIds(query) ? '_id_' : null;
}

/** False when all of the index is gone through. */
function isBounded({ indexBounds, indexFilterSet }: Body): boolean {
  const bounds = Object.values((indexBounds ?? {}) as Record<string, readonly string[]>).flat();
  const isWhole =
    bounds.length > 0 && bounds.every((bound) => /^\[(Min|Max)Key, (Min|Max)Key\]$/.test(bound));
  return !isWhole && !JSON.stringify(indexFilterSet ?? null).includes('"fullScan":true');
}

/** An index as a server lists it. */
export interface ListedIndex {
  readonly name: string;
  readonly key: Body;
  readonly partialFilterExpression?: Body;
}

/**
 * The indexes that MongoDB could use, by its own rule: the query asks for the first field, or for the order of it and
 * nothing else, and for no record that the index leaves out. DocumentDB finds records by any field of an index.
 */
export function indexesFor(query: Query, listed: readonly ListedIndex[]): string[] {
  const filter = filterOf(query);
  const branches = (filter['$or'] ?? [{}]) as readonly Body[];
  const asked = branches.map((branch) => ({ ...filter, ...branch }));
  return listed
    .filter(({ key, partialFilterExpression = {} }) => {
      const [first = ''] = Object.keys(key);
      const isOrderOfAll = isEmpty(filter) && Object.keys((query['sort'] ?? {}) as Body)[0] === first;
      const holdsAll = Object.keys(partialFilterExpression).every((field) =>
        asked.every((each) => narrows(each[field])),
      );
      return holdsAll && (isOrderOfAll || asked.every((each) => narrows(each[first])));
    })
    .map(({ name }) => name);
}

const NARROWING = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte']);

function asksForIds(query: Query): boolean {
  return narrows(filterOf(query)['_id']);
}

function filterOf(query: Query): Body {
  const pipeline = (query['pipeline'] ?? []) as readonly Body[];
  return (query['filter'] ?? query['query'] ?? pipeline[0]?.['$match'] ?? {}) as Body;
}

/** Whether a condition leaves a part of an index to look at: values, or a range. */
function narrows(condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null)
    return condition !== undefined && condition !== null;
  return Object.keys(condition).some((operator) => NARROWING.has(operator));
}

function pick(body: Body, keys: readonly string[]): Body {
  return Object.fromEntries(
    keys.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key] as unknown]])),
  );
}

function isEmpty(value: unknown): boolean {
  return Object.keys(value as object).length === 0;
}
