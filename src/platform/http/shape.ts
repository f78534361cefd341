import type { Schema, ValidationErrorItem, ValidationOptions } from 'joi';
import { Failure, type FailureKind, type Fault } from '../../kernel/failure.ts';
import { shown } from './json-text.ts';
import { MAX_FAULTS } from './problem.ts';

export type Place = 'body' | 'query' | 'path' | 'headers';

/** Codes of faults in this API's own words; others are joi's with hyphens: `string-max`. */
const CODES: Readonly<Record<string, string>> = {
  'any.required': 'required',
  'object.unknown': 'unknown-field',
  'any.only': 'not-a-choice',
  'string.empty': 'empty',
  'string.min': 'too-short',
  'string.max': 'too-long',
  'string.pattern.base': 'wrong-form',
  'string.pattern.name': 'wrong-form',
  'array.max': 'too-many',
  'array.min': 'too-few',
  'object.min': 'too-few',
};
/** A given value is never quoted back: it may be megabytes. */
const MESSAGES = {
  'any.required': '{{#label}} is missing.',
  'object.unknown': '{{#label}} is not a known field.',
  'string.empty': '{{#label}} is empty.',
  'string.max': '{{#label}} is longer than {{#limit}} characters.',
  'string.pattern.base': '{{#label}} is not in the form that is asked for.',
  'string.pattern.name': '{{#label}} is not in the form of {{#name}}.',
  'array.min': '{{#label}} must hold at least {{#limit}} element{if(#limit == 1, "", "s")}.',
  'array.max': '{{#label}} must hold at most {{#limit}} element{if(#limit == 1, "", "s")}.',
};
const BASE: ValidationOptions = {
  allowUnknown: false,
  messages: MESSAGES,
  errors: { wrap: { label: false } },
};

/**
 * A checker of `schema`: answers the validated value.
 * Bodies are taken literally; text from the address and headers is converted (`"5"` to 5).
 * The checker throws a Failure naming every field at fault, 100 at most: `not-found` for the path (no such
 * address), `invalid` otherwise.
 */
export function compileShape(schema: Schema, place: Place): (value: unknown) => unknown {
  const convert = place !== 'body';
  // Given with each look instead, joi would compile the messages each time.
  const quick = schema.prefs({ ...BASE, convert, abortEarly: true });
  const thorough = schema.prefs({ ...BASE, convert, abortEarly: false });
  return (value) => {
    // Good requests pay for one look; only bad ones are looked at again for every fault.
    const result = quick.validate(value);
    if (result.error === undefined) return result.value as unknown;
    throw refused(allFaults(() => thorough.validate(value).error?.details) ?? result.error.details, place);
  };
}

/** joi passes its faults on as arguments, which more than about a hundred thousand of them do not survive. */
function allFaults<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function refused(details: readonly ValidationErrorItem[], place: Place): Failure {
  const kind: FailureKind = place === 'path' ? 'not-found' : 'invalid';
  const faults = details.slice(0, MAX_FAULTS).map((detail) => faultOf(detail, place));
  const more = details.length > MAX_FAULTS ? ` These are the first ${MAX_FAULTS} of ${details.length}.` : '';
  const message =
    place === 'path'
      ? 'There is nothing at this address.'
      : `The ${place} ${place === 'headers' ? 'are' : 'is'} not acceptable; \`errors\` says why.${more}`;
  return new Failure(kind, place === 'path' ? 'not-found' : `${place}-invalid`, message, { faults });
}

/** What concerns the whole is said of the place, which joi calls "value". */
function faultOf(detail: ValidationErrorItem, place: Place): Fault {
  let field = '';
  for (const step of detail.path) {
    if (typeof step === 'number') field += `[${step}]`;
    else field += field === '' ? step : `.${step}`;
  }
  const sentence = /[.!?]$/.test(detail.message) ? detail.message : `${detail.message}.`;
  const message = field === '' ? sentence.replace(/^value /, `The ${place} `) : sentence;
  return {
    field: field === '' ? place : shown(field),
    code: CODES[detail.type] ?? detail.type.replaceAll('.', '-'),
    message: shown(message),
  };
}
