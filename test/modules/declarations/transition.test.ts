import { expect } from 'chai';
import type { DeclarationState } from '../../../src/modules/declarations/declaration.ts';
import { DECLARATION_STATES } from '../../../src/modules/declarations/declaration.ts';
import type { Transition } from '../../../src/modules/declarations/transition.ts';
import { mayMove, obstacle } from '../../../src/modules/declarations/transition.ts';

/** Every legal step, after design.md: an amendment or withdrawal until the goods leave, the rest one way. */
const LEGAL: readonly `${DeclarationState} ${Transition}`[] = [
  'filed amended',
  'filed withdrawn',
  'filed checked',
  'needs-review amended',
  'needs-review withdrawn',
  'needs-review reviewed',
  'verified amended',
  'verified withdrawn',
  'verified exited',
  'verified expired',
  'exited arrived',
  'exited not-shipped',
];
const STEPS: readonly Transition[] = [
  'amended',
  'withdrawn',
  'checked',
  'reviewed',
  'exited',
  'arrived',
  'not-shipped',
  'expired',
];

describe('the states of a declaration', () => {
  for (const state of DECLARATION_STATES) {
    for (const step of STEPS) {
      const legal = LEGAL.includes(`${state} ${step}`);
      it(`${legal ? 'lets' : "doesn't let"} a declaration that is ${state} be ${step}`, () => {
        expect(mayMove(state, step)).to.equal(legal);
      });
    }
  }
});

describe('what stands in the way of a move', () => {
  it('is told in one sentence, whatever state and move', () => {
    for (const state of DECLARATION_STATES) {
      for (const step of STEPS) expect(obstacle(state, step)).to.match(/^It[^.]+\.$/);
    }
  });

  const told: [DeclarationState, Transition, string][] = [
    ['exited', 'exited', 'Its goods have left already.'],
    ['exited', 'amended', 'Its goods have left already.'],
    ['filed', 'exited', 'It has not been verified yet.'],
    ['needs-review', 'exited', 'It waits for the decision of a regulator.'],
    ['verified', 'arrived', 'Its goods have not left yet.'],
    ['verified', 'not-shipped', 'Its goods have not left yet.'],
    ['arrived', 'arrived', 'Its goods have left and arrived already.'],
    ['filed', 'reviewed', 'It is still being checked.'],
    ['verified', 'reviewed', 'It has been verified already.'],
    ['withdrawn', 'withdrawn', 'It was withdrawn.'],
  ];
  for (const [state, step, sentence] of told) {
    it(`is, when it is ${state} and to be ${step}: ${sentence}`, () => {
      expect(obstacle(state, step)).to.equal(sentence);
    });
  }
});
