export { connectRedis, withoutCommand } from './connect.ts';
export type { RedisConnection, RedisPurpose } from './connect.ts';
export { startPrivateRedis } from './private.ts';
export type { PrivateRedis, PrivateRedisOptions } from './private.ts';
export { assertOwner, assertUsableRedis, claimRedis } from './usable.ts';
export type { OwnerMark } from './usable.ts';
