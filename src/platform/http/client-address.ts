import type { IncomingMessage } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';

/**
 * Where a request comes from, as express's `request.ip` with `trust proxy` as a number: the address that the last of so
 * many trusted proxies saw, or the farthest one that is named.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string | undefined {
  const peer = request.socket.remoteAddress;
  const forwarded = request.headers['x-forwarded-for'];
  if (trustedProxies === 0 || typeof forwarded !== 'string') return peer;
  const seen = forwarded.split(',').map((address) => address.trim());
  return seen[Math.max(0, seen.length - trustedProxies)] ?? peer;
}

/** The key of a client without a subject: its address; of IPv6 the /56 network, which one client can hold. */
export function addressKey(address: string | undefined): string {
  return address === undefined ? 'unknown' : ipKeyGenerator(address);
}
