import type { Schema } from 'joi';
import { ACCEPTED_TEXT_PATTERN } from './json-text.ts';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 uses. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  examples?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  [keyword: string]: unknown;
}

/** What joi's public `describe()` tells and its own JSON Schema leaves out. */
interface Description {
  readonly flags?: { readonly presence?: string };
  readonly keys?: Readonly<Record<string, Description>>;
  readonly items?: readonly Description[];
  readonly matches?: readonly { readonly schema?: Description }[];
  readonly rules?: readonly { readonly name: string; readonly args?: { readonly regex?: unknown } }[];
  readonly examples?: readonly unknown[];
  readonly metas?: readonly { readonly jsonSchema?: object }[];
}

/** Anchored and without a class that could reach control characters. */
const NARROW = /^\^(?!.*(?:\[\^|\\[SWD]|\\[pP]\{|(?<!\\)\.)).*\$$/s;

/**
 * The JSON Schema of a joi shape: joi's own, with examples, every pattern, joi's number range, and
 * whatever `.meta({ jsonSchema: {…} })` adds for rules that joi cannot tell.
 * @param direction `input` also says that control characters are refused, as request bodies and queries are
 */
export function jsonSchemaOf(schema: Schema, direction: 'input' | 'output'): JsonSchema {
  const json = schema['~standard'].jsonSchema[direction]({ target: 'draft-2020-12' }) as JsonSchema;
  complete(json, schema.describe(), direction === 'input');
  return json;
}

function complete(json: JsonSchema, description: Description, isInput: boolean): void {
  for (const [name, member] of Object.entries(description.keys ?? {})) {
    const inner = json.properties?.[name];
    if (inner === undefined) continue;
    if (member.flags?.presence === 'forbidden') delete json.properties?.[name];
    else complete(inner, member, isInput);
  }
  const [element] = description.items ?? [];
  if (json.items !== undefined && element !== undefined && description.items?.length === 1) {
    complete(json.items, element, isInput);
  }
  description.matches?.forEach(({ schema }, index) => {
    const inner = json.anyOf?.[index];
    if (schema !== undefined && inner !== undefined) complete(inner, schema, isInput);
  });
  if (description.examples !== undefined) json.examples = [...description.examples];
  if (isType(json, 'string')) completeText(json, description, isInput);
  if (isInput && isType(json, 'number', 'integer')) completeNumber(json);
  for (const { jsonSchema } of description.metas ?? []) Object.assign(json, jsonSchema);
}

function completeText(json: JsonSchema, description: Description, isInput: boolean): void {
  if (json['enum'] !== undefined || json['const'] !== undefined) return;
  const patterns = (description.rules ?? [])
    .filter(({ name }) => name === 'pattern')
    .map(({ args }) => sourceOf(String(args?.regex)));
  if (isInput && !patterns.some((pattern) => NARROW.test(pattern))) patterns.push(ACCEPTED_TEXT_PATTERN);
  const [first, ...more] = patterns;
  if (first === undefined) return;
  json.pattern = first;
  if (more.length > 0) json.allOf = more.map((pattern) => ({ pattern }));
}

/** joi refuses numbers that JavaScript cannot hold exactly. */
function completeNumber(json: JsonSchema): void {
  if (json.minimum === undefined && json.exclusiveMinimum === undefined)
    json.minimum = Number.MIN_SAFE_INTEGER;
  if (json.maximum === undefined && json.exclusiveMaximum === undefined)
    json.maximum = Number.MAX_SAFE_INTEGER;
}

/** The source of `/…/flags`. JSON Schema knows no flags: letters of a case-blind class are given in both cases. */
function sourceOf(regex: string): string {
  const end = regex.lastIndexOf('/');
  const source = regex.slice(1, end);
  if (!regex.slice(end).includes('i')) return source;
  return source.replaceAll('a-z', 'a-zA-Z').replaceAll(/(?<!a-z)A-Z/g, 'a-zA-Z');
}

function isType(json: JsonSchema, ...types: string[]): boolean {
  const given = Array.isArray(json.type) ? json.type : [json.type];
  return given.some((type) => type !== undefined && types.includes(type));
}
