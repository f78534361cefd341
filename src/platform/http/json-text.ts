import { isUtf8 } from 'node:buffer';
import { Failure, type Fault } from '../../kernel/failure.ts';
import { countMembers, findJsonFlaw, memberPath, type JsonFlaw } from './json-scan.ts';

/** The most members of one object; no shape of an API comes near it. */
const MAX_MEMBERS = 200;
const REFUSED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
/** C0 controls other than tab, newline and return; with the u flag also surrogates without their other half. */
// eslint-disable-next-line no-control-regex -- refusing control characters is what it is for
const REFUSED_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/u;
/** The same set for JSON Schema, as a pattern that acceptable text matches. */
export const ACCEPTED_TEXT_PATTERN = '^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F]*$';

export interface JsonLimits {
  /** Arrays and objects inside one another. */
  readonly maxDepth: number;
}

/**
 * A JSON text from outside, read so strictly that every parser would understand the same.
 * @throws Failure `body-not-utf8`, `body-not-json` (malformed); `duplicate-key`, `too-deep`, `text-refused`,
 * `name-refused`, `too-many-members` (invalid, naming the field)
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
  const members = inspect(value, '', 0, limits.maxDepth);
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

/** Looks at every name and string; answers how many members all objects hold. */
function inspect(value: unknown, path: string, depth: number, maxDepth: number): number {
  if (typeof value === 'string') {
    if (REFUSED_CHARACTERS.test(value)) throw faulty(textFault(path, value));
    return 0;
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maxDepth) throw flawFailure({ kind: 'too-deep', path });
  let count = 0;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const element: unknown = value[index];
      if (typeof element === 'number') continue;
      count += inspect(element, `${path}[${index}]`, depth + 1, maxDepth);
    }
    return count;
  }
  for (const [name, member] of Object.entries(value)) {
    const field = memberPath(path, name);
    if (REFUSED_NAMES.has(name) || REFUSED_CHARACTERS.test(name)) throw faulty(nameFault(field, name));
    count += 1 + inspect(member, field, depth + 1, maxDepth);
    if (count > MAX_MEMBERS && Object.keys(value).length > MAX_MEMBERS) throw tooManyMembers(path);
  }
  return count;
}

function faulty(fault: Fault | null): Failure {
  const faults = fault === null ? [] : [{ ...fault, field: shown(fault.field) }];
  return new Failure('invalid', 'body-invalid', 'The body is not acceptable; `errors` says why.', { faults });
}

function tooManyMembers(path: string): Failure {
  const message = `${shown(path)} has more than ${MAX_MEMBERS} members.`;
  return faulty({ field: path, code: 'too-many-members', message });
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
      return faulty({
        field: flaw.path,
        code: 'duplicate-key',
        message: `${shown(flaw.path)} is given twice.`,
      });
    case 'too-deep':
      return faulty({
        field: flaw.path,
        code: 'too-deep',
        message: `${shown(flaw.path)} is nested too deeply.`,
      });
  }
}

/** A field's path for people and JSON: well-formed, printable and of bounded length. */
export function shown(field: string): string {
  if (field === '') return 'body';
  const short = field.length <= 200 ? field : `${field.slice(0, 199)}…`;
  // eslint-disable-next-line no-control-regex -- shows a control character instead of sending it
  return short.replaceAll(/[\u0000-\u001f]|[\ud800-\udfff]/gu, '\ufffd');
}
