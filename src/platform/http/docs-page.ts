import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router, type Response } from 'express';
import type { HeaderList } from './security-headers.ts';

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const INIT = `window.addEventListener('load', () => {
  window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null });
});
`;

/** `/docs`: the API's description for reading and trying out, wholly from this server. */
export function docsRouter(title: string, headers: HeaderList): Router {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const page = pageOf(title);
  const router = Router({ strict: true });
  const send = (response: Response, type: string, text: string): void => {
    for (const [name, value] of headers) response.setHeader(name, value);
    response.type(type).send(text);
  };
  router.get('/docs', (_request, response) => send(response, 'html', page));
  router.get('/docs/init.js', (_request, response) => send(response, 'js', INIT));
  for (const asset of ASSETS) {
    router.get(`/docs/${asset}`, (_request, response) => {
      response.sendFile(join(folder, asset), { maxAge: '1d', etag: false });
    });
  }
  return router;
}

function pageOf(title: string): string {
  const safe = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${safe}</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/init.js" defer></script>
</head>
<body><main id="ui"></main></body>
</html>
`;
}
