import type { Sqlite } from './open.ts';
import { translating } from './translate.ts';

/**
 * Runs `work` (synchronous) in one write transaction; durable on return, undone when it throws.
 * @throws Failure `storage-full` or `store-busy`; whatever `work` throws
 */
export function transaction<T>(db: Sqlite, work: () => T): T {
  return translating(() => db.transaction(work).immediate());
}
