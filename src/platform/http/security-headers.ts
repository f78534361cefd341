import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet, { type HelmetOptions } from 'helmet';

export type Directives = Readonly<Record<string, string[]>>;
/** Header names and values. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** For answers that are data: nothing in them may run or be framed. */
const API_DIRECTIVES: Directives = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };
/** For pages: everything from this server, no inline script, no inline style. */
const PAGE_DIRECTIVES: Directives = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};
const DOCUMENT_DIRECTIVES: Directives = {
  ...API_DIRECTIVES,
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};
/** What helmet sets for pages alone: data is neither opened as a document nor downloaded as a file. */
const NOT_FOR_DATA = {
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const satisfies HelmetOptions;
const YEAR_SECONDS = 31_536_000;

/** The headers of helmet for answers that are data. @param https also send HSTS, which breaks plain http */
export function apiHeaders(https: boolean): HeaderList {
  return helmetHeaders(API_DIRECTIVES, https, NOT_FOR_DATA);
}

/**
 * The headers of helmet for pages.
 * @param extra directives that replace or add to the strict ones, such as `script-src`
 */
export function pageHeaders(https: boolean, extra: Directives = {}): HeaderList {
  return helmetHeaders({ ...PAGE_DIRECTIVES, ...extra }, https);
}

/**
 * The headers of helmet for a document that is made for one answer and needs nothing from anywhere; HSTS aside.
 * @param style of the one style element it holds, as a source: `'sha256-…'`
 */
export function documentHeaders(style: string): HeaderList {
  return helmetHeaders({ ...DOCUMENT_DIRECTIVES, 'style-src': [style] }, false);
}

/** What helmet sets does not depend on the request, so it runs once and not for each of them. */
function helmetHeaders(
  directives: Directives,
  https: boolean,
  more: Partial<typeof NOT_FOR_DATA> = {},
): HeaderList {
  const options: HelmetOptions = {
    ...more,
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: https ? { maxAge: YEAR_SECONDS } : false,
  };
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(options)(request, response, () => undefined);
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
}
