import joi from 'joi';
import { buildOpenApi, type ApiInfo } from './openapi.ts';
import { PUBLIC, type Route } from './route.ts';

export interface Readiness {
  readonly ready: boolean;
  /** Serving, but something is missing that will be caught up with. */
  readonly degraded: boolean;
  /** What was looked at → how it is, in a few words without secrets. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Answered whatever the load. */
export const PROBES = ['/healthz', '/readyz'] as const;

const health = joi.object({ status: joi.string().valid('ok').required() });
const readinessSchema = joi.object({
  status: joi.string().valid('ready', 'degraded', 'not-ready', 'draining').required(),
  checks: joi.object().pattern(joi.string(), joi.string()).required(),
});

/** The routes that every service has: `healthz`, `readyz`, `openapi.json` (which describes itself, too). */
export function systemRoutes(
  routes: readonly Route[],
  info: ApiInfo,
  readiness: () => Promise<Readiness>,
): readonly Route[] {
  const common = { method: 'get', action: PUBLIC, tag: 'Service' } as const;
  const system: Route[] = [
    {
      ...common,
      path: PROBES[0],
      operationId: 'getHealth',
      summary: 'Whether the process lives',
      unlimited: true,
      answers: { 200: { description: 'It lives', schema: health } },
      handle: () => ({ status: 200, body: { status: 'ok' } }),
    },
    {
      ...common,
      path: PROBES[1],
      operationId: 'getReadiness',
      summary: 'Whether requests can be served',
      unlimited: true,
      answers: {
        200: { description: 'Yes, perhaps with something degraded', schema: readinessSchema },
        503: { description: 'Not now', schema: readinessSchema },
      },
      async handle({ request }) {
        const { ready, degraded, checks } = await readiness();
        const draining = request.app.get('draining') === true;
        const isReady = ready && !draining;
        const status = draining ? 'draining' : !ready ? 'not-ready' : degraded ? 'degraded' : 'ready';
        return { status: isReady ? 200 : 503, body: { status, checks } };
      },
    },
    {
      ...common,
      path: '/openapi.json',
      operationId: 'getDescription',
      summary: 'This description',
      answers: { 200: { description: 'An OpenAPI 3.1 document', schema: joi.object().unknown() } },
      handle: () => ({
        status: 200,
        text: (document ??= JSON.stringify(buildOpenApi([...routes, ...system], info))),
      }),
    },
  ];
  let document: string | undefined;
  return system;
}
