import { buildOpenApi, type Route } from '../../src/platform/http/index.ts';

/** As much of a JSON Schema as is walked here. */
interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Shape }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Shape }>> };
}

/** A request's body or query as text, the statuses that may answer it and the field that they have to name. */
export interface BadInput {
  readonly title: string;
  readonly text: string | Uint8Array<ArrayBuffer>;
  readonly statuses: readonly number[];
  readonly field?: string;
  readonly contentType?: string;
}

type Path = readonly (string | number)[];

const MEBIBYTE = 1024 * 1024;
const LONE_SURROGATE = '\ud800';
const DEEP = 5_000;

function operationOf(route: Route): Operation {
  const { paths } = buildOpenApi([route], { title: '', version: '1', description: '' });
  return (paths as Record<string, Record<string, Operation>>)[route.path]![route.method]!;
}

/** Every field of a JSON body given wrongly, one at a time, and the body as a whole. */
export function badBodies(route: Route, sample: Readonly<Record<string, unknown>>): BadInput[] {
  const shape = operationOf(route).requestBody?.content['application/json']?.schema;
  if (shape === undefined) throw new Error(`${route.operationId} has no JSON body`);
  const fields = [...walk(shape, sample, [])].map(({ what, path, value }): BadInput => {
    const field = nameOf(path);
    const text = JSON.stringify(changed(sample, path, value));
    return { title: `${what} ${field}`, text, statuses: [422], field };
  });
  return [...fields, ...wholeBodies(sample)];
}

interface Fault {
  readonly what: string;
  readonly path: Path;
  /** Undefined: left out. */
  readonly value: unknown;
}

function* walk(shape: Shape, value: unknown, path: Path): Generator<Fault> {
  const { type, properties, required = [], items, anyOf } = shape;
  if (anyOf !== undefined) {
    for (const wrong of [42, true, null, []]) yield { what: JSON.stringify(wrong), path, value: wrong };
    yield* [
      ...walk(
        anyOf.find((one) => one.type === 'object')!,
        value,
        path,
      ),
    ].filter((f) => f.path !== path);
  } else if (type === 'object') {
    if (path.length > 0) for (const wrong of ['text', 7, [], null]) yield wrongType(path, wrong);
    for (const name of required) yield { what: 'without', path: [...path, name], value: undefined };
    for (const name of ['unexpected', '$where', 'toString']) {
      yield { what: 'unknown', path: [...path, name], value: 1 };
    }
    for (const [name, member] of Object.entries(properties ?? {})) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner === undefined) throw new Error(`the sample lacks ${nameOf([...path, name])}`);
      yield* walk(member, inner, [...path, name]);
    }
  } else if (type === 'array') {
    for (const wrong of ['text', {}, null, []]) yield wrongType(path, wrong);
    yield* walk(items!, (value as unknown[])[0], [...path, 0]);
  } else if (type === 'string') {
    for (const wrong of [42, true, null, [value], { $ne: '' }, '']) yield wrongType(path, wrong);
    for (const wrong of ['\u0000', LONE_SURROGATE]) yield wrongType(path, `${value as string}${wrong}`);
    yield { what: 'long', path, value: 'x'.repeat(2_000) };
  } else if (type === 'integer' || type === 'number') {
    for (const wrong of ['5', null, [value], {}, -1, 1e300]) yield wrongType(path, wrong);
  } else {
    throw new Error(`no faults are known for ${type} at ${nameOf(path)}`);
  }
}

function wrongType(path: Path, value: unknown): Fault {
  return { what: JSON.stringify(value), path, value };
}

/** `value` with another one at `path`; the sample itself stays as it is. */
function changed(value: unknown, [step, ...rest]: Path, to: unknown): unknown {
  if (step === undefined) return to;
  if (Array.isArray(value)) {
    return (value as unknown[]).map((each, index) => (index === step ? changed(each, rest, to) : each));
  }
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [step]: changed(members[step], rest, to) };
}

function nameOf(path: Path): string {
  return path.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${step}]` : name === '' ? step : `${name}.${step}`),
    '',
  );
}

function wholeBodies(sample: Readonly<Record<string, unknown>>): BadInput[] {
  const good = JSON.stringify(sample);
  const [first = ''] = Object.keys(sample);
  const inserted = (member: string) => `{${member},${good.slice(1)}`;
  const refused = (title: string, text: string, field: string): BadInput => ({
    title,
    text,
    statuses: [422],
    field,
  });
  const broken = ['', ' ', '{', good.slice(0, -1), `${good}}`, `{'a':1}`, '\ufeff', 'NaN', '{"a":01}'];
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''];
  return [
    ...['null', '[]', '"text"', '7', 'true'].map((text) => refused(text, text, 'body')),
    refused('a field twice', inserted(`${JSON.stringify(first)}:"twice"`), first),
    refused('__proto__', inserted('"__proto__":{"role":"regulator"}'), '__proto__'),
    refused('constructor', inserted('"constructor":{"prototype":{"a":1}}'), 'constructor'),
    refused('nested objects', inserted(`"a":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`), 'a'),
    refused('nested arrays', inserted(`"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}`), 'a'),
    refused('a NUL as name', inserted('"a\\u0000":1'), 'a\ufffd'),
    ...broken.map((text): BadInput => ({ title: `broken JSON ${text.slice(0, 20)}`, text, statuses: [400] })),
    { title: 'broken UTF-8', text: new Uint8Array([0x7b, 0x22, 0xff, 0xc0, 0x22, 0x7d]), statuses: [400] },
    { title: '10 MiB of text', text: inserted(`"a":"${'x'.repeat(10 * MEBIBYTE)}"`), statuses: [413] },
    ...[...types, 'application/json; charset=latin1', 'application/json; charset=utf-16'].map(
      (contentType): BadInput => ({
        title: `sent as ${contentType}`,
        text: good,
        statuses: [415],
        contentType,
      }),
    ),
  ];
}

/** Every query parameter given wrongly, and parameters that there are not. */
export function badQueries(route: Route, sample: Readonly<Record<string, string>> = {}): BadInput[] {
  const parameters = operationOf(route).parameters.filter((parameter) => parameter.in === 'query');
  const refused = (text: string, field: string): BadInput => ({ title: text, text, statuses: [422], field });
  const all = ['unexpected=1', '%24where=1', '__proto__=1', 'constructor=1'].map((text) =>
    refused(text, decodeURIComponent(text).slice(0, -2)),
  );
  for (const { name, schema } of parameters) {
    const good = sample[name] ?? 'x';
    const texts = [
      `${name}=`,
      `${name}=${good}%00`,
      `${name}=${'x'.repeat(5_000)}`,
      `${name}=${good}&${name}=${good}`,
    ];
    all.push(...texts.map((text) => refused(text, name)));
    all.push(refused(`${name}[$ne]=`, `${name}[$ne]`), refused(`${name}[]=${good}`, `${name}[]`));
    for (const text of [`${name}=%ED%A0%80`, `${name}=%zz`, `${name}=%`]) {
      all.push({ title: text, text, statuses: [400] });
    }
    const typed = schema.type === 'integer' ? ['abc', '1.5', '0', '-1', '1e99', 'Infinity'] : [];
    all.push(...typed.map((value) => refused(`${name}=${value}`, name)));
    const cursors = name === 'cursor' ? ['AAAA', 'W10', 'W251bGwsbnVsbF0', 'WyJhIiwiYiIsImMiXQ'] : [];
    all.push(...cursors.map((value) => refused(`${name}=${value}`, name)));
    const times = ['since', 'asOf'].includes(name) ? ['yesterday', '2026-13-01T00:00:00Z', '2026'] : [];
    all.push(...times.map((value) => refused(`${name}=${value}`, name)));
  }
  return all;
}
