export type { Sqlite } from './open.ts';
export { lockDataFolder, openSqlite, prepareTables, StoreError } from './open.ts';
export { translated } from './translate.ts';
export type { Writer } from './writer.ts';
export { createWriter } from './writer.ts';
