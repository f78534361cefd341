import { isUtf8 } from 'node:buffer';
import { REFUSED_CHARACTERS } from '../../kernel/acceptable-text.ts';
import { Failure, type Fault } from '../../kernel/failure.ts';
import { countMembers, findJsonFlaw, memberPath, type JsonFlaw } from './json-scan.ts';

/**
 * The most members of one object, and the most values in all: no shape of an API comes near them, and validation
 * that names every fault would take minutes for bodies that consist of faults.
 */
const MAX_MEMBERS = 100;
const MAX_VALUES = 100_000;
const MAX_ELEMENTS = 2_000;
const REFUSED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
/** The same set for JSON Schema, as a pattern that acceptable text matches. */
export const ACCEPTED_TEXT_PATTERN = '^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F]*$';

export interface JsonLimits {
  /** Arrays and objects inside one another. */
  readonly maxDepth: number;
  /** The most elements of one array; default 2,000. */
  readonly maxElements?: number;
}

/**
 * A JSON text from outside, read so strictly that every parser would understand the same.
 * @throws Failure `body-not-utf8`, `body-not-json` (malformed); `duplicate-key`, `too-deep`, `text-refused`,
 * `name-refused`, `too-many`, `too-many-values` as faults of `body-invalid`
 */
export function readJson(bytes: Buffer, limits: JsonLimits): unknown {
  if (!isUtf8(bytes)) throw new Failure('malformed', 'body-not-utf8', 'The body is not UTF-8.');
  return parseJson(bytes.toString('utf8'), limits);
}

/** `readJson` for text that is known to be well-formed Unicode. */
export function parseJson(text: string, limits: JsonLimits): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw flawFailure(findJsonFlaw(text, limits.maxDepth) ?? { kind: 'syntax', position: 0 });
  }
  const members = inspect(value, limits);
  if (members !== countMembers(text)) {
    const flaw = findJsonFlaw(text, limits.maxDepth);
    if (flaw !== null) throw flawFailure(flaw);
  }
  return value;
}

/** Why `text` cannot be accepted in any field, or null. */
export function textFault(field: string, text: string): Fault | null {
  const found = REFUSED_CHARACTERS.exec(text)?.[0];
  if (found === undefined) return null;
  const what = found >= '\ud800' ? 'half of a surrogate pair' : 'a control character';
  return { field, code: 'text-refused', message: `${shown(field)} holds ${what}.` };
}

/** Why a field may not be called `name`, or null. */
export function nameFault(field: string, name: string): Fault | null {
  if (REFUSED_NAMES.has(name)) {
    return { field, code: 'name-refused', message: `A field cannot be called ${name}.` };
  }
  const fault = textFault(field, name);
  return fault === null ? null : { ...fault, field: shown(field) };
}

/** Looks at every name and value; answers how many members all objects hold. */
function inspect(root: unknown, limits: JsonLimits): number {
  const { maxDepth, maxElements = MAX_ELEMENTS } = limits;
  // Where we are: written at each step, read only when something is wrong.
  const steps: (string | number)[] = [];
  let members = 0;
  let values = 0;

  function visit(value: unknown, depth: number): void {
    values += 1;
    if (values > MAX_VALUES) throw faulty('', 'too-many-values', `holds more than ${MAX_VALUES} values`);
    if (typeof value === 'string') {
      if (REFUSED_CHARACTERS.test(value)) throw asFailure(textFault(pathOf(steps, depth), value));
    } else if (typeof value === 'object' && value !== null) {
      if (depth > maxDepth) throw faulty(pathOf(steps, depth), 'too-deep', 'is nested too deeply');
      if (Array.isArray(value)) visitElements(value, depth);
      else visitMembers(value as Readonly<Record<string, unknown>>, depth);
    }
  }
  function visitElements(elements: readonly unknown[], depth: number): void {
    if (elements.length > maxElements) {
      throw faulty(pathOf(steps, depth), 'too-many', `has more than ${maxElements} elements`);
    }
    for (let index = 0; index < elements.length; index += 1) {
      steps[depth] = index;
      visit(elements[index], depth + 1);
    }
  }
  function visitMembers(object: Readonly<Record<string, unknown>>, depth: number): void {
    let count = 0;
    for (const name of Object.keys(object)) {
      steps[depth] = name;
      if (REFUSED_NAMES.has(name) || REFUSED_CHARACTERS.test(name)) {
        throw asFailure(nameFault(pathOf(steps, depth + 1), name));
      }
      count += 1;
      if (count > MAX_MEMBERS) {
        throw faulty(pathOf(steps, depth), 'too-many', `has more than ${MAX_MEMBERS} members`);
      }
      visit(object[name], depth + 1);
    }
    members += count;
  }

  visit(root, 0);
  return members;
}

function pathOf(steps: readonly (string | number)[], depth: number): string {
  let path = '';
  for (const step of steps.slice(0, depth)) {
    path = typeof step === 'number' ? `${path}[${step}]` : memberPath(path, step);
  }
  return path;
}

function faulty(path: string, code: string, what: string): Failure {
  return asFailure({ field: path, code, message: `${shown(path)} ${what}.` });
}

function asFailure(fault: Fault | null): Failure {
  const faults = fault === null ? [] : [{ ...fault, field: shown(fault.field) }];
  return new Failure('invalid', 'body-invalid', 'The body is not acceptable; `errors` says why.', { faults });
}

function flawFailure(flaw: JsonFlaw): Failure {
  switch (flaw.kind) {
    case 'syntax':
      return new Failure(
        'malformed',
        'body-not-json',
        `The body is not JSON, from character ${flaw.position} on.`,
      );
    case 'duplicate-key':
      return faulty(flaw.path, 'duplicate-key', 'is given twice');
    case 'too-deep':
      return faulty(flaw.path, 'too-deep', 'is nested too deeply');
  }
}

/** A field's path for people and JSON: well-formed, printable and of bounded length. */
export function shown(field: string): string {
  if (field === '') return 'body';
  const short = field.length <= 200 ? field : `${field.slice(0, 199)}…`;
  // eslint-disable-next-line no-control-regex -- shows a control character instead of sending it
  return short.replaceAll(/[\u0000-\u001f]|[\ud800-\udfff]/gu, '\ufffd');
}
