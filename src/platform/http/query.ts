import { Failure, type Fault } from '../../kernel/failure.ts';
import { nameFault, shown, textFault } from './json-text.ts';

/**
 * The query parameters of a request target, each given once. Form encoding: `+` is a space.
 * @throws Failure `query-malformed` (malformed) for broken percent-encoding; `query-invalid` naming repeated
 * parameters and unacceptable characters
 */
export function parseQuery(target: string): Record<string, string> {
  const start = target.indexOf('?');
  const values: Record<string, string> = {};
  if (start < 0) return values;
  const faults: Fault[] = [];
  for (const pair of target.slice(start + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1));
    const fault = nameFault(name, name) ?? textFault(name, value) ?? repeatFault(values, name);
    if (fault !== null) faults.push(fault);
    else values[name] = value;
  }
  if (faults.length === 0) return values;
  const message = 'The query is not acceptable; `errors` says why.';
  throw new Failure('invalid', 'query-invalid', message, { faults });
}

function repeatFault(values: Readonly<Record<string, string>>, name: string): Fault | null {
  if (!Object.hasOwn(values, name)) return null;
  const field = shown(name);
  return { field, code: 'repeated', message: `${field} is given more than once.` };
}

function decoded(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new Failure('malformed', 'query-malformed', 'The query holds broken percent-encoding.');
  }
}
