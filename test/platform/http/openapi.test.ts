import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import joi from 'joi';
import request from 'supertest';
import { buildOpenApi, route, type Route } from '../../../src/platform/http/index.ts';
import { INFO, sampleApp, sampleRoutes } from './support.ts';

interface Operation {
  readonly security: object[];
  readonly parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[];
  readonly requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  readonly responses: Record<string, { content: Record<string, unknown> }>;
}
type Document = { paths: Record<string, Record<string, Operation>> };

describe('the OpenAPI description', () => {
  const { routes } = sampleRoutes();
  const document = buildOpenApi(routes, INFO) as unknown as Document;
  const operation = (path: string, method: string): Operation => document.paths[path]![method]!;
  const operationOf = (definition: Partial<Route>): Operation => {
    const base = {
      method: 'post',
      path: '/t',
      action: 'use',
      tag: 'T',
      summary: 'S',
      operationId: 't',
      answers: {},
    };
    const built = buildOpenApi(
      [route({ ...base, handle: () => ({ status: 200 }), ...definition } as Route)],
      INFO,
    );
    return (built as unknown as Document).paths['/t']!['post']!;
  };

  it('is served, describes itself and the probes, and is valid OpenAPI 3.1', async () => {
    const answer = await request(sampleApp(sampleRoutes())).get('/openapi.json');
    expect(answer.status).to.equal(200);
    const result = await new Validator().validate(JSON.parse(answer.text) as Record<string, unknown>);
    expect(result.errors ?? []).to.deep.equal([]);
    expect(result.valid).to.equal(true);
    const served = answer.body as Document & { openapi: string };
    expect(served.openapi).to.equal('3.1.0');
    expect(served.paths).to.include.keys('/healthz', '/readyz', '/openapi.json', '/v1/presses/{id}');
  });

  it('tells apart what needs a token and what does not', () => {
    expect(operation('/open', 'get').security).to.deep.equal([]);
    expect(operation('/v1/lookup', 'get').security).to.deep.equal([{ bearer: [] }]);
    expect(operation('/open', 'get').responses).not.to.have.any.keys('401', '403', '404', '413', '507');
  });

  it('lists the problems that a route can meet', () => {
    const responses = operation('/v1/presses', 'post').responses;
    for (const status of ['400', '401', '403', '409', '413', '415', '422', '429', '503', '507']) {
      expect(responses[status]?.content, status).to.have.property('application/problem+json');
    }
    expect(operation('/v1/presses/{id}', 'get').responses).to.have.property('404');
  });

  it('tells names, places and forms of parameters', () => {
    const [serial, limit] = operation('/v1/lookup', 'get').parameters;
    expect(serial).to.deep.include({ name: 'serial', in: 'query', required: true, description: 'As read' });
    expect(serial?.schema).to.include({ type: 'string', minLength: 1, maxLength: 80 });
    expect(limit?.schema).to.deep.equal({ type: 'integer', minimum: 1, maximum: 500 });
    const [id] = operation('/v1/presses/{id}', 'get').parameters;
    expect(id).to.deep.include({ name: 'id', in: 'path', required: true });
  });

  it('tells what is refused in bodies: control characters, unknown fields, numbers that are not exact', () => {
    const schema = operation('/v1/presses', 'post').requestBody?.content['application/json']?.schema;
    expect(schema).to.include({ additionalProperties: false });
    const { reference, notes, weight, items } = schema?.['properties'] as Record<
      string,
      Record<string, object>
    >;
    expect(reference).to.have.property('pattern', '^[A-Z0-9-]{1,20}$').and.not.to.equal(undefined);
    expect(reference).not.to.have.property('allOf');
    expect(weight).to.deep.equal({ type: 'number', minimum: -9007199254740991, maximum: 9007199254740991 });
    const refusing = new RegExp(String((notes?.['items'] as { pattern: string }).pattern));
    expect([refusing.test('a\tb'), refusing.test('a\u0000b')]).to.deep.equal([true, false]);
    const serial = (items?.['items'] as { properties: { serial: Record<string, unknown> } }).properties
      .serial;
    expect(serial['examples']).to.deep.equal(['ZP33-2025-00417']);
    expect(serial['pattern']).to.equal('\\S');
    expect(serial['allOf']).to.deep.equal([{ pattern: refusing.source }]);
  });

  it('tells rules that joi cannot tell, where a shape adds them, and case-blind patterns', () => {
    const either = joi
      .object({ a: joi.string().pattern(/^[a-z0-9]+$/i), b: joi.string().valid('x'), gone: joi.forbidden() })
      .or('a', 'b')
      .meta({ jsonSchema: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } });
    const schema = operationOf({ body: { schema: either } }).requestBody?.content['application/json']?.schema;
    expect(schema).to.deep.equal({
      type: 'object',
      properties: {
        a: { type: 'string', minLength: 1, pattern: '^[a-zA-Z0-9]+$' },
        b: { type: 'string', enum: ['x'] },
      },
      additionalProperties: false,
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    });
  });

  it('describes streamed bodies by their media types', () => {
    const { requestBody, responses } = operationOf({
      body: { stream: ['application/x-ndjson', 'text/csv'], maxBytes: 9 },
    });
    expect(requestBody?.content).to.have.all.keys('application/x-ndjson', 'text/csv');
    expect(responses).to.include.keys('413', '415');
  });
});

describe('the pages at /docs', () => {
  const app = sampleApp(sampleRoutes());

  it('come wholly from this server, under a policy without inline script or style', async () => {
    const page = await request(app).get('/docs');
    expect(page.type).to.equal('text/html');
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).to.contain("default-src 'self'").and.not.to.contain('unsafe');
    expect(page.text).not.to.match(/https?:\/\//);
    expect(page.text).not.to.match(/<script[^>]*>[^<]|<style|\son\w+=/);
    for (const [, address] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = await request(app).get(String(address));
      expect(asset.status, address).to.equal(200);
    }
  });
});
