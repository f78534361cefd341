import type { Command, Part } from './mongo-wire-proxy.ts';
import type { Body } from './mongo-wire.ts';

/**
 * How servers tell of a duplicate. `MongoDB`: index and fields. `DocumentDB`: the index, in the message. `fields`: fields
 * alone, for servers whose message names nothing.
 */
export const DUPLICATE_FORMS = ['MongoDB', 'DocumentDB', 'fields'] as const;
export type DuplicateForm = (typeof DUPLICATE_FORMS)[number];

/** Fields of a collection's index, by name. */
export type KeysOf = (collection: string, index: string) => Body;

const DUPLICATE = 11_000;
const NAMED = /\bindex: (\S+) dup key|\bIndex '([^']+)'/;

/** The answer to a write with its duplicates told in this form, whatever server it is from. */
export function duplicatesTold(form: DuplicateForm, keysOf: KeysOf): Part {
  return {
    answer: (answer, command) => ({
      ...answer,
      ...(answer['writeErrors'] === undefined
        ? {}
        : {
            writeErrors: (answer['writeErrors'] as Body[]).map((error) =>
              error['code'] === DUPLICATE ? { ...error, ...told(form, error, command, keysOf) } : error,
            ),
          }),
    }),
  };
}

function told(form: DuplicateForm, error: Body, command: Command, keysOf: KeysOf): Body {
  const { collection, body } = command;
  const [, one, other] = NAMED.exec(String(error['errmsg'])) ?? [];
  const index = one ?? other ?? '';
  const keyPattern = keysOf(collection, index);
  const document = ((body['documents'] as Body[] | undefined) ?? [])[Number(error['index'])] ?? {};
  const keyValue = Object.fromEntries(
    Object.keys(keyPattern).map((field) => [field, document[field] as unknown]),
  );
  const dup = Object.entries(keyValue).map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
  const errmsg = {
    MongoDB: `E11000 duplicate key error collection: ${body['$db']}.${collection} index: ${index} dup key: { ${dup.join(', ')} }`,
    DocumentDB: `Duplicate key violation on the requested collection: Index '${index}'`,
    fields: 'E11000 duplicate key error',
  }[form];
  const fields =
    form === 'DocumentDB' ? { keyPattern: undefined, keyValue: undefined } : { keyPattern, keyValue };
  return { errmsg, ...fields };
}

/** The write is done, and no majority confirmed it in time. */
export const WTIMEOUT: Part = {
  answer: (answer) => ({
    ...answer,
    writeConcernError: {
      code: 64,
      codeName: 'WriteConcernTimeout',
      errmsg: 'waiting for replication timed out',
      errInfo: { wtimeout: true, writeConcern: { w: 'majority', j: true, wtimeout: 3_000 } },
    },
  }),
};

/** Another server has become the primary: the command was not done. */
export const NOT_PRIMARY: Part = {
  instead: () => ({
    ok: 0,
    code: 10_107,
    codeName: 'NotWritablePrimary',
    errmsg: 'not primary',
    errorLabels: ['RetryableWriteError'],
  }),
};

export const UNAUTHORIZED: Part = {
  instead: ({ name, body }) => ({
    ok: 0,
    code: 13,
    codeName: 'Unauthorized',
    errmsg: `not authorized on ${body['$db']} to execute command { ${name}: … }`,
  }),
};

/** The greeting of a server of another kind; sessions and versions stay those of the server behind. */
export function greets(as: 'secondary' | 'standalone', address: string): Part {
  const member = { setName: 'rs0', setVersion: 1, hosts: [address], me: address, secondary: true };
  return {
    answer: ({ msg: _msg, setName: _name, ...rest }) =>
      as === 'standalone'
        ? { ...rest, isWritablePrimary: true, ismaster: true }
        : { ...rest, ...member, isWritablePrimary: false, ismaster: false },
  };
}
