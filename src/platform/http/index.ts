export { createHttpApp, type HttpAppOptions, type HttpLimits, type Mount } from './app.ts';
export type { RequestLog, RequestMetrics } from './exchange.ts';
export { parseJson } from './json-text.ts';
export {
  bodyChunks,
  NDJSON_TYPE,
  ndjsonLines,
  writeNdjson,
  writeText,
  type Line,
  type LineLimits,
} from './ndjson.ts';
export { buildOpenApi, type ApiInfo } from './openapi.ts';
export {
  actorOf,
  PUBLIC,
  route,
  type Answer,
  type AnswerShape,
  type Call,
  type Reply,
  type Route,
} from './route.ts';
export { compileShape } from './shape.ts';
export { idempotencyHeaders, idParams, instant, instantOrDay, pageParams, text } from './common-shapes.ts';
export { nextLink } from './link.ts';
export { page, pageAsked } from './paging.ts';
export { startServer, type RunningServer, type ServerOptions } from './server.ts';
export { documentHeaders } from './security-headers.ts';
export { systemRoutes, type Readiness } from './system-routes.ts';
export { addressKey, clientAddress } from './client-address.ts';
export { createGate, type Handler } from './gate.ts';
export { createPlaces } from './places.ts';
