import { expect } from 'chai';
import {
  CHECK_AGAIN_AFTER_MS,
  DECLARATION_STATES,
  moved,
  RELAY_AFTER_MS,
  settled,
} from '../../../src/modules/declarations/declaration.ts';
import { outcomeOf } from '../../../src/modules/declarations/finding.ts';
import { declarationWith, EXPORTER } from '../../support/declarations.ts';
import { at } from '../../support/times.ts';

describe('a move', () => {
  const before = declarationWith(1, { pending: [], verification: { attempt: 3, findings: [] } });
  const move = {
    type: 'withdrawn',
    state: 'withdrawn',
    occurredAt: at(0),
    recordedAt: at(5),
    by: EXPORTER,
  } as const;

  it('is numbered, pending, one version on, and due soon', () => {
    const after = moved(before, { ...move, reason: 'sold' });
    expect(after).to.deep.equal({
      ...before,
      version: 2,
      state: 'withdrawn',
      moves: [...before.moves, { ...move, reason: 'sold', no: 2 }],
      pending: [2],
      dueAt: at(5 + RELAY_AFTER_MS),
    });
  });

  it('brings its changes', () => {
    const after = moved(
      before,
      { ...move, type: 'checked', state: 'verified' },
      { number: 'N', expiresAt: at(9) },
    );
    expect(after).to.include({ number: 'N', expiresAt: at(9), state: 'verified' });
  });

  it('remembers the number that the declaration has', () => {
    const verified = moved(before, { ...move, type: 'checked', state: 'verified' }, { number: 'N' });
    const exited = moved({ ...verified, pending: [] }, { ...move, type: 'exited', state: 'exited' });
    expect([verified, exited].map(({ moves }) => moves.at(-1)?.number)).to.deep.equal(['N', 'N']);
    expect(exited.number).to.equal('N');
    expect(before.moves.at(-1)).not.to.have.property('number');
  });

  it('takes the number back when it is an amendment, and remembers which', () => {
    const verified = moved(
      before,
      { ...move, type: 'checked', state: 'verified' },
      { number: 'N', expiresAt: at(9) },
    );
    const amended = moved({ ...verified, pending: [] }, { ...move, type: 'amended', state: 'filed' });
    expect(amended).not.to.have.any.keys('number', 'expiresAt');
    expect(amended.moves.at(-1)).to.include({ type: 'amended', number: 'N' });
  });

  it('is not made while an earlier one has things to follow', () => {
    expect(() => moved({ ...before, pending: [1] }, move)).to.throw('unrecorded moves');
  });
});

describe('a settled declaration', () => {
  const pending = declarationWith(1, { pending: [1], expiresAt: at(1000) });

  it('has nothing pending and is one version on', () => {
    expect(settled(pending, at(7))).to.deep.include({
      ...pending,
      version: 2,
      pending: [],
      dueAt: at(7 + CHECK_AGAIN_AFTER_MS),
    });
  });

  it('is due again when a check should have shown, or when its number expires, else never', () => {
    for (const state of DECLARATION_STATES) {
      const expected = state === 'filed' ? at(CHECK_AGAIN_AFTER_MS) : state === 'verified' ? at(1000) : null;
      expect(settled({ ...pending, state }, at(0)).dueAt, state).to.equal(expected);
    }
    expect(settled(declarationWith(1, { state: 'verified' }), at(0)).dueAt).to.equal(null);
  });
});

describe('the outcome of findings', () => {
  const finding = (level: 'info' | 'warning' | 'block') => ({ code: 'a', level, because: 'So.' });

  it('is told by the gravest of them', () => {
    expect(outcomeOf([])).to.equal('verified');
    expect(outcomeOf([finding('info'), finding('info')])).to.equal('verified');
    expect(outcomeOf([finding('info'), finding('warning')])).to.equal('needs-review');
    expect(outcomeOf([finding('block'), finding('warning'), finding('info')])).to.equal('refused');
  });
});
