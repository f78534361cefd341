import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import express from 'express';

/** The built pages: beside the built server, or where the build puts them when this runs from its source. */
export function webPages(): RequestHandler {
  const folder = fileURLToPath(
    new URL(import.meta.url.includes('/dist/') ? '../../web' : '../../dist/web', import.meta.url),
  );
  return existsSync(folder)
    ? express.static(folder, { etag: true, fallthrough: true })
    : (_request, _response, next) => next();
}
