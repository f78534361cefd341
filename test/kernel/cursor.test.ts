import { expect } from 'chai';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../src/kernel/cursor.ts';
import { isFailure } from '../../src/kernel/failure.ts';

const SHAPE = ['string', 'number'] as const;
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

function refusal(cursor: string, shape: readonly ('string' | 'number')[] = SHAPE): unknown {
  try {
    return decodeCursor(cursor, shape);
  } catch (error) {
    return error;
  }
}

describe('cursor', () => {
  it('gives back the position it was made of', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    );
    fc.assert(
      fc.property(fc.array(part), (position) => {
        const shape = position.map((value) => (typeof value === 'string' ? 'string' : 'number'));
        expect(decodeCursor(encodeCursor(position), shape)).to.deep.equal(position);
      }),
    );
  });

  it('fits into a URL as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodeCursor([text])).to.match(/^[\w-]+$/);
      }),
    );
  });

  it('refuses to write what JSON cannot hold', () => {
    expect(() => encodeCursor([NaN])).to.throw(TypeError);
    expect(() => encodeCursor([Infinity])).to.throw(TypeError);
  });

  const good = encodeCursor(['a', 1]);
  const bad: Readonly<Record<string, string>> = {
    'an empty cursor': '',
    'no base64url': '%%%',
    'no JSON': base64url('["a",'),
    'no array': base64url('{"0":"a","1":1,"length":2}'),
    'a shorter position': encodeCursor(['a']),
    'a longer position': encodeCursor(['a', 1, 1]),
    'other types': encodeCursor([1, 'a']),
    null: base64url('["a",null]'),
    'an infinite number': base64url('["a",1e999]'),
    'another spelling of the JSON': base64url('["a", 1]'),
    'another spelling of the number': base64url('["a",1.0]'),
    'padding behind it': `${good}=`,
    'a space behind it': `${good} `,
    'another alphabet': Buffer.from('["\u{1F600}??>",1]').toString('base64'),
    'broken UTF-8': Buffer.from('5b22ff222c315d', 'hex').toString('base64url'),
  };
  for (const [title, cursor] of Object.entries(bad)) {
    it(`refuses ${title}`, () => {
      const error = refusal(cursor);
      expect(isFailure(error, 'cursor-invalid'), String(error)).to.equal(true);
      expect(error).to.have.property('kind', 'invalid');
      expect(error).to.have.nested.property('faults[0].field', 'cursor');
    });
  }

  it('refuses any text that it would not have written itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(base64url)), (text) => {
        const result = refusal(text, ['string']);
        if (Array.isArray(result)) expect(encodeCursor(result as string[])).to.equal(text);
        else expect(isFailure(result, 'cursor-invalid')).to.equal(true);
      }),
    );
  });
});
