import type { Request } from 'express';

/**
 * The header that names the next page of a list (RFC 8288): the same address with another `cursor`.
 * To be spread into a reply's headers.
 */
export function nextLink(call: { readonly request: Request }, cursor: string): Record<string, string> {
  const [path = '', query = ''] = call.request.originalUrl.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return { Link: `<${path}?${parameters.toString()}>; rel="next"` };
}
