import { PROBLEM_TYPE, TITLES } from './problem.ts';
import { JSON_TYPE } from './request-reader.ts';
import { jsonSchemaOf, type JsonSchema } from './openapi-schema.ts';
import { PUBLIC, type AnswerShape, type Route } from './route.ts';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  /** Markdown. */
  readonly description: string;
}

const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'A problem of RFC 9457. `code` is stable; `errors` names the fields at fault.',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The request id' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
        required: ['field', 'code', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'code', 'detail'],
};

/** The OpenAPI 3.1 description of `routes`. The same routes give the same text. */
export function buildOpenApi(routes: readonly Route[], info: ApiInfo): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: '3.1.0',
    info,
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operationOf(route: Route): Record<string, unknown> {
  const { operationId, summary, description, tag, action, body } = route;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    security: action === PUBLIC ? [] : [{ bearer: [] }],
    parameters: parametersOf(route),
    ...(body === undefined ? {} : { requestBody: requestBodyOf(body) }),
    responses: responsesOf(route),
  };
}

function parametersOf({ params, query, headers }: Route): object[] {
  const places = [
    { where: 'path', schema: params },
    { where: 'query', schema: query },
    { where: 'header', schema: headers },
  ] as const;
  return places.flatMap(({ where, schema }) => {
    if (schema === undefined) return [];
    const json = jsonSchemaOf(schema, 'input');
    return Object.entries(json.properties ?? {}).map(([name, { description, ...member }]) => ({
      name,
      in: where,
      required: where === 'path' || (json.required ?? []).includes(name),
      ...(description === undefined ? {} : { description }),
      schema: member,
    }));
  });
}

function requestBodyOf(body: NonNullable<Route['body']>): object {
  if ('stream' in body) {
    const content = Object.fromEntries(body.stream.map((type) => [type, { schema: { type: 'string' } }]));
    return { required: true, content };
  }
  const schema = jsonSchemaOf(body.schema, 'input');
  return { required: body.required ?? true, content: { [JSON_TYPE]: { schema } } };
}

function responsesOf(route: Route): Record<string, object> {
  const responses: Record<string, object> = {};
  for (const status of problemStatusesOf(route))
    responses[status] = problemResponse(TITLES[status] ?? 'Problem');
  for (const [status, shape] of Object.entries(route.answers)) {
    const isProblem = Number(status) >= 400 && shape.schema === undefined && shape.mediaType === undefined;
    responses[status] = isProblem ? problemResponse(shape.description) : responseOf(shape);
  }
  return responses;
}

/** The statuses with which any request of the route's form can be turned away. */
function problemStatusesOf({ action, params, body, writes, method }: Route): number[] {
  const statuses = [400, 408, 422, 429, 431, 503];
  if (action !== PUBLIC) statuses.push(401, 403);
  if (params !== undefined) statuses.push(404);
  if (body !== undefined) statuses.push(413, 415);
  if (writes ?? method === 'post') statuses.push(507);
  return statuses;
}

function problemResponse(description: string): object {
  return { description, content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}

function responseOf({ description, schema, mediaType, alsoAs = [], headers, example }: AnswerShape): object {
  const media = {
    ...(schema === undefined ? {} : { schema: jsonSchemaOf(schema, 'output') }),
    ...(example === undefined ? {} : { example }),
  };
  const hasContent = schema !== undefined || mediaType !== undefined;
  const others = alsoAs.map((type) => [type, { schema: { type: 'string' } }]);
  return {
    description,
    ...(headers === undefined ? {} : { headers: headersOf(headers) }),
    ...(hasContent
      ? { content: { [mediaType ?? JSON_TYPE]: media, ...(Object.fromEntries(others) as object) } }
      : {}),
  };
}

function headersOf(headers: Readonly<Record<string, string>>): object {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}
